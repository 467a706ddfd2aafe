#include "app/render/type/font_files.h"

#include <array>
#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <convlens_assets.h>
#include <fontconfig/fontconfig.h>

namespace convlens {

namespace {

// DejaVu has no semibold, nor has the Chinese font: a symbol in a bold text is regular.
constexpr std::array kText{own_font::inter, own_font::dejavu_sans, own_font::dejavu_sans_mono, own_font::cjk};
constexpr std::array kBold{own_font::inter_semibold, own_font::dejavu_sans, own_font::dejavu_sans_mono, own_font::cjk};
constexpr std::array kMono{own_font::jetbrains_mono, own_font::dejavu_sans_mono, own_font::dejavu_sans, own_font::cjk};

template <auto destroy>
struct Destroy {
    template <typename T>
    void operator()(T* made) const {
        destroy(made);
    }
};
using Pattern = std::unique_ptr<FcPattern, Destroy<FcPatternDestroy>>;
using Characters = std::unique_ptr<FcCharSet, Destroy<FcCharSetDestroy>>;

class FontFiles {
public:
    static FontFiles& get() {
        static FontFiles files;
        return files;
    }

    const FontFile& file(FontId font) {
        const std::lock_guard lock(mutex_);
        return files_[static_cast<std::size_t>(font)];
    }

    std::optional<FontId> with(char32_t character) {
        const std::lock_guard lock(mutex_);
        const auto known = found_.find(character);
        if (known != found_.end()) return known->second;
        return found_.emplace(character, look_for(character)).first->second;
    }

private:
    FontFiles() {
        files_.push_back({"inter", assets::inter_regular(), {}});
        files_.push_back({"inter-semibold", assets::inter_semibold(), {}});
        files_.push_back({"jetbrains-mono", assets::jetbrains_mono(), {}});
        files_.push_back({"dejavu-sans", assets::dejavu_sans(), {}});
        files_.push_back({"dejavu-sans-mono", assets::dejavu_sans_mono(), {}});
        files_.push_back({"cjk", assets::cjk(), {}});
    }

    std::optional<FontId> look_for(char32_t character) {
        // A font that is in use already is taken before another one that fits as well: texts do not change their look.
        for (std::size_t i = 0; i < characters_.size(); ++i)
            if (FcCharSetHasChar(characters_[i].get(), character) != 0) return kOwnFonts + static_cast<FontId>(i);
        const Pattern wanted(FcPatternCreate());
        const Characters just_this(FcCharSetCreate());
        FcCharSetAddChar(just_this.get(), character);
        FcPatternAddCharSet(wanted.get(), FC_CHARSET, just_this.get());
        FcPatternAddBool(wanted.get(), FC_SCALABLE, FcTrue);
        FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>("sans-serif"));
        FcConfigSubstitute(nullptr, wanted.get(), FcMatchPattern);
        FcDefaultSubstitute(wanted.get());
        FcResult result{};
        const Pattern match(FcFontMatch(nullptr, wanted.get(), &result));
        return match ? add(*match, character) : std::nullopt;
    }

    // The nearest match need not have the character, and may be made of pictures in place of outlines.
    std::optional<FontId> add(FcPattern& match, char32_t character) {
        FcCharSet* has = nullptr;
        FcChar8* path = nullptr;
        FcBool outlines = FcFalse;
        int face = 0;
        if (FcPatternGetCharSet(&match, FC_CHARSET, 0, &has) != FcResultMatch) return std::nullopt;
        if (FcCharSetHasChar(has, character) == 0) return std::nullopt;
        if (FcPatternGetBool(&match, FC_OUTLINE, 0, &outlines) != FcResultMatch || outlines == FcFalse)
            return std::nullopt;
        if (FcPatternGetString(&match, FC_FILE, 0, &path) != FcResultMatch) return std::nullopt;
        FcPatternGetInteger(&match, FC_INDEX, 0, &face);
        constexpr int kFaceBits = 0xFFFF;  // above them: a variation of the face, which FreeType is not asked for
        const auto font = static_cast<FontId>(files_.size());
        files_.push_back(
            {"system-" + std::to_string(font - kOwnFonts), {}, reinterpret_cast<const char*>(path), face & kFaceBits});
        characters_.emplace_back(FcCharSetCopy(has));
        return font;
    }

    std::mutex mutex_;
    std::deque<FontFile> files_;         // what is in it stays where it is
    std::deque<Characters> characters_;  // of those of the system
    std::unordered_map<char32_t, std::optional<FontId>> found_;
};

}  // namespace

const FontFile& font_file(FontId font) { return FontFiles::get().file(font); }

std::span<const FontId> fonts_of(Face face) {
    switch (face) {
        case Face::text: return kText;
        case Face::bold: return kBold;
        case Face::mono: return kMono;
    }
    return {};
}

std::optional<FontId> system_font(char32_t character) { return FontFiles::get().with(character); }

}  // namespace convlens
