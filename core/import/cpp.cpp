#include "core/import/cpp.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/import/cpp_reader.h"

namespace convlens::pasted {

namespace {

// Whether a word stands in the text as one.
bool has_word(std::string_view text, std::string_view word) {
    const auto is_part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const bool begins = at == 0 || (!is_part(text[at - 1]) && text[at - 1] != '.');
        if (begins) return true;
    }
    return false;
}

}  // namespace

// no words: code in C++
bool is_cpp_text(std::string_view text) {
    constexpr std::array<std::string_view, 8> kSigns{
        "cv::", "using namespace cv", "Mat_<", "Mat::", "Mat kernel", "Mat dst", "Mat src", "Mat img"};
    if (text.starts_with("import ") || text.find("\nimport ") != std::string_view::npos ||
        text.find("\nfrom ") != std::string_view::npos)
        return false;
    return text.find("#include <opencv") != std::string_view::npos ||
           text.find("#include \"opencv") != std::string_view::npos ||
           std::ranges::any_of(kSigns, [&](std::string_view sign) { return has_word(text, sign); });
}

namespace {

// #define K 5 as K=5; in as many bytes: a macro with a value is a variable that is set once.
void define_variables(std::string& text) {
    constexpr std::string_view kDefine = "#define ";
    for (std::size_t at = text.find(kDefine); at != std::string::npos; at = text.find(kDefine, at + 1)) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string line = text.substr(at + kDefine.size(), end - at - kDefine.size());
        const std::size_t blank = line.find(' ');
        const std::size_t bracket = line.find('(');
        if (blank == std::string::npos || blank == 0 || bracket < blank || line.ends_with('\\')) continue;
        if ((at > 0 && text[at - 1] != '\n') || line.find_first_not_of(' ', blank) == std::string::npos) continue;
        std::string set = line;
        set[blank] = '=';
        text.replace(at, end - at, std::string(kDefine.size() - 1, ' ') + set + ";");
    }
}

}  // namespace

std::string without_cpp_comments(std::string text) {
    char quote = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (quote != 0) {
            if (text[i] == '\\')
                ++i;
            else if (text[i] == quote || text[i] == '\n')
                quote = 0;
            continue;
        }
        if (text[i] == '"' || text[i] == '\'') quote = text[i];
        if (text[i] != '/' || (text[i + 1] != '/' && text[i + 1] != '*')) continue;
        const bool line = text[i + 1] == '/';
        const std::size_t found = text.find(line ? "\n" : "*/", i + 2);
        const std::size_t end = found == std::string::npos ? text.size() : line ? found : found + 2;
        for (; i < end; ++i) {
            if (text[i] != '\n') text[i] = ' ';
        }
        --i;
    }
    define_variables(text);
    return text;
}

std::vector<Token> cpp_statements(const std::vector<Token>& tokens) { return CppReader(tokens).run(); }

}  // namespace convlens::pasted
