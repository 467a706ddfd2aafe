#include "core/io/file_kind.h"
#include "core/text/ascii.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace convlens {

namespace {

using namespace std::string_view_literals;

struct Mark {
    std::size_t at;
    std::string_view bytes;
    FileKind kind;
};

const std::array kMarks = {
    Mark{0, "\x89PNG\r\n\x1a\n"sv, {"PNG", true, key("a PNG image")}},
    Mark{0, "\xff\xd8\xff"sv, {"JPEG", true, key("a JPEG image")}},
    Mark{0, "GIF87a"sv, {"GIF", true, key("a GIF image")}},
    Mark{0, "GIF89a"sv, {"GIF", true, key("a GIF image")}},
    Mark{0, "8BPS"sv, {"PSD", true, key("a Photoshop image")}},
    Mark{0, "#?RADIANCE\n"sv, {"HDR", true, key("a Radiance HDR image")}},
    Mark{0, "#?RGBE\n"sv, {"HDR", true, key("a Radiance HDR image")}},
    Mark{4, "ftypheic"sv, {"HEIC", false, key("a HEIC image")}},
    Mark{4, "ftypheix"sv, {"HEIC", false, key("a HEIC image")}},
    Mark{4, "ftypmif1"sv, {"HEIF", false, key("a HEIF image")}},
    Mark{4, "ftypavif"sv, {"AVIF", false, key("an AVIF image")}},
    Mark{4, "ftyp"sv, {"MP4", false, key("a video")}},
    Mark{8, "WEBP"sv, {"WebP", true, key("a WebP image")}},
    Mark{0, "II*\0"sv, {"TIFF", true, key("a TIFF image")}},
    Mark{0, "MM\0*"sv, {"TIFF", true, key("a TIFF image")}},
    Mark{0, "II+\0"sv, {"TIFF", true, key("a TIFF image")}},  // Big, with places of 64 bits
    Mark{0, "MM\0+"sv, {"TIFF", true, key("a TIFF image")}},
    Mark{0, "\x76\x2f\x31\x01"sv, {"OpenEXR", false, key("an OpenEXR image")}},
    Mark{0, "\0\0\0\x0cJXL "sv, {"JPEG XL", false, key("a JPEG XL image")}},
    Mark{0, "\xff\x0a"sv, {"JPEG XL", false, key("a JPEG XL image")}},
    Mark{0, "\0\0\0\x0cjP  "sv, {"JPEG 2000", false, key("a JPEG 2000 image")}},
    Mark{0, "qoif"sv, {"QOI", false, key("a QOI image")}},
    Mark{0, "\0\0\x01\0"sv, {"ICO", false, key("an icon")}},
    Mark{0, "DDS "sv, {"DDS", false, key("a DDS texture")}},
    Mark{0, "\x93NUMPY"sv, {"NPY", true, key("a NumPy array")}},
    Mark{0, "%PDF"sv, {"PDF", false, key("a PDF document")}},
    Mark{0, "PK\x03\x04"sv, {"ZIP", false, key("a ZIP archive")}},
    Mark{0, "\x1f\x8b"sv, {"gzip", false, key("a gzip archive")}},
    Mark{0,
         "\x7f"
         "ELF"sv,
         {"ELF", false, key("a program")}},
    Mark{0, "RIFF"sv, {"RIFF", false, key("a sound or video")}},
};

bool is_word_end(std::string_view text, std::size_t at) {
    return at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r');
}

// Text: no control characters but line ends and the like.
bool is_text(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 32 ? byte != 127 : (byte >= 9 && byte <= 13) || byte == 27;
    });
}

// TGA begins with no mark, but few bytes are possible at some places: the kinds of its colour map and of the image,
// sides of at least 1, and the bits of a pixel.
bool begins_as_tga(std::string_view text) {
    constexpr std::size_t kHeader = 18;
    if (text.size() < kHeader) return false;
    constexpr std::string_view kKinds = "\x01\x02\x03\x09\x0a\x0b"sv, kBits = "\x08\x0f\x10\x18\x20"sv;
    const bool sides = text.substr(12, 2) != "\0\0"sv && text.substr(14, 2) != "\0\0"sv;
    return (text[1] == 0 || text[1] == 1) && kKinds.find(text[2]) != std::string_view::npos && sides &&
           kBits.find(text[16]) != std::string_view::npos;
}

bool is_tga(std::string_view text, std::string_view ending) {
    constexpr std::string_view kFooter = "TRUEVISION-XFILE.\0"sv;
    const bool named = ending == ".tga" || ending == ".icb" || ending == ".vda" || ending == ".vst";
    return text.ends_with(kFooter) || (named && begins_as_tga(text));
}

FileKind portable_anymap(std::string_view text) {
    if (text.size() < 3 || text[0] != 'P') return {};
    if (!is_word_end(text, 2) && text[2] != '#') return {};
    switch (text[1]) {
        case '1':
        case '4': return {"PNM", true, key("a PBM image")};
        case '2':
        case '5': return {"PNM", true, key("a PGM image")};
        case '3':
        case '6': return {"PNM", true, key("a PPM image")};
        case '7': return {"PNM", true, key("a PAM image")};
        case 'f':
        case 'F': return {"PNM", true, key("a PFM image")};
        default: return {};
    }
}

// "BM", any sizes, and a header of a length that is in use.
bool is_bmp(std::string_view text) {
    constexpr std::size_t kHeaderSize = 14, kMost = 124;
    if (!text.starts_with("BM") || text.size() < kHeaderSize + 12) return false;
    const auto size = static_cast<unsigned char>(text[kHeaderSize]);
    return size >= 12 && size <= kMost && text.substr(kHeaderSize + 1, 3) == "\0\0\0"sv;
}

}  // namespace

FileKind file_kind(std::span<const std::byte> file, std::string_view ending) {
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    if (text.empty()) return {"", false, key("an empty file")};
    for (const Mark& mark : kMarks)
        if (text.size() >= mark.at && text.substr(mark.at).starts_with(mark.bytes)) return mark.kind;
    if (FileKind kind = portable_anymap(text); !kind.name.empty()) return kind;
    if (is_bmp(text)) return {"BMP", true, key("a BMP image")};
    const std::string_view beginning = text.substr(0, 4096);
    if (is_text(beginning)) {
        if (beginning.find("<svg") != std::string_view::npos) return {"SVG", false, key("an SVG drawing")};
        return {"text", false, key("a text file")};
    }
    if (is_tga(text, ending)) return {"TGA", true, key("a TGA image")};
    return {"", false, key("a file of an unknown kind")};
}

bool may_be_image(std::span<const std::byte> beginning, std::string_view ending) {
    const FileKind kind = file_kind(beginning, ending);
    const std::string_view text(reinterpret_cast<const char*>(beginning.data()), beginning.size());
    return kind.image || (kind.name.empty() && begins_as_tga(text));
}

std::string ending_of(const std::filesystem::path& path) { return lower(path.extension().string()); }

}  // namespace convlens
