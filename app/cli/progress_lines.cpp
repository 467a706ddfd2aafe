#include "app/cli/progress_lines.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

namespace convlens {

Progress progress_lines(std::ostream& err, std::string name, std::chrono::steady_clock::time_point (*now)()) {
    struct Said {
        int tenths = 0;
        std::chrono::steady_clock::time_point at;
    };
    const auto said = std::make_shared<Said>(Said{0, now()});
    return {.done = [&err, name = std::move(name), now, said](double share) {
        const int tenths = static_cast<int>(share * 10);
        if (tenths <= said->tenths || tenths >= 10 || now() - said->at < std::chrono::seconds(1)) return;
        *said = {tenths, now()};
        err << fmt::format("{}: {}%\n", name, tenths * 10) << std::flush;
    }};
}

}  // namespace convlens
