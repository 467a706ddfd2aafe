// The one place where stb_image and stb_image_write are compiled.
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_ONLY_JPEG  // the other formats have readers of their own
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_NO_STDIO
#include <stb_image.h>
#include <stb_image_write.h>
