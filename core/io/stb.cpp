// The one place where stb_image and stb_image_write are compiled.
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_NO_PIC
#define STBI_NO_STDIO
#include <stb_image.h>
#include <stb_image_write.h>
