// The readers of image formats, one file each; the table in decoder.cpp names them.
#pragma once

#include "core/io/image/decoder.h"

namespace convlens {

ImageHeader png_header(FileBytes file);
Image png_pixels(FileBytes file);

ImageHeader jpeg_file_header(FileBytes file);
Image jpeg_pixels(FileBytes file);

ImageHeader bmp_header(FileBytes file);
Image bmp_pixels(FileBytes file);

ImageHeader tga_header(FileBytes file);
Image tga_pixels(FileBytes file);

ImageHeader gif_header(FileBytes file);
Image gif_pixels(FileBytes file);

ImageHeader psd_header(FileBytes bytes);
Image psd_pixels(FileBytes bytes);

ImageHeader pnm_header(FileBytes file);
Image pnm_pixels(FileBytes file);

ImageHeader tiff_header(FileBytes file);
Image tiff_pixels(FileBytes file);

ImageHeader webp_header(FileBytes file);
Image webp_pixels(FileBytes file);

ImageHeader hdr_header(FileBytes file);
Image hdr_pixels(FileBytes file);

}  // namespace convlens
