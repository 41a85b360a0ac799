#include <algorithm>
#include <array>

#include "config_file.hpp"
#include "numbers.hpp"
#include "option_table.hpp"
#include "warning.hpp"

namespace braid::get {

namespace {

using text = const std::string&;

constexpr std::array table{
    option{'s', "silent", "", "say nothing, not even what failed",
           [](command_line& to, text v) { to.global.silent = !v.empty(); }},
    option{'S', "show-error", "", "with -s, say what failed",
           [](command_line& to, text v) { to.global.show_error = !v.empty(); }},
    option{'v', "verbose", "", "show heads and connections on standard error",
           [](command_line& to, text v) {
             to.global.verbose = !v.empty();
             if (v.empty() || to.global.trace_file.empty()) return;
             warn(to.global, "-v, --verbose overrides an earlier trace option");
             to.global.trace_file.clear();
           }},
    option{0, "trace-ascii", "FILE", "write all that passes to FILE, - is standard output",
           [](command_line& to, text v) {
             to.global.trace_file = v;
             to.global.trace_ascii = true;
           }},
    option{0, "trace", "FILE", "as --trace-ascii, with bytes as numbers too",
           [](command_line& to, text v) {
             to.global.trace_file = v;
             to.global.trace_ascii = false;
           }},
    option{0, "trace-time", "", "with the time", [](command_line& to, text v) { to.global.trace_time = !v.empty(); }},
    option{0, "stderr", "FILE", "say to FILE what is said", [](command_line&, text v) { turn_errors_to(v); }},
    option{0, "progress-meter", "", "--no-progress-meter draws none",
           [](command_line& to, text v) { to.global.progress = !v.empty(); }},
    option{'#', "progress-bar", "", "draw a bar",
           [](command_line& to, text v) { to.global.progress_bar = !v.empty(); }},
    option{'Z', "parallel", "", "fetch the URLs at the same time",
           [](command_line& to, text v) { to.global.parallel = !v.empty(); }},
    option{0, "parallel-max", "N", "so many at most [50]",
           [](command_line& to, text v) {
             to.global.parallel_max = static_cast<std::size_t>(std::clamp(whole_number(v), 1L, 300L));
           }},
    option{0, "contexts", "N", "with -Z, spread them over so many threads [1]; 0 for one a core",
           [](command_line& to, text v) {
             to.global.contexts = static_cast<unsigned>(std::clamp(whole_number(v), 0L, 256L));
           }},
    option{0, "har", "FILE", "keep what passes as an HTTP archive, with its credentials",
           [](command_line& to, text v) { to.global.archive = v; }},
    option{0, "parallel-immediate", "", "", [](command_line&, text) {}},
    option{0, "fail-early", "", "stop at the first URL that fails",
           [](command_line& to, text v) { to.global.fail_early = !v.empty(); }},
    option{'K', "config", "FILE", "read options from FILE, one a line",
           [](command_line& to, text v) { read_config(to, v); }},
    option{'q', "disable", "", "as the first option: do not read ~/.curlrc", [](command_line&, text) {}},
    option{'h', "help", "", "this text", [](command_line& to, text) { to.global.help = true; }},
    option{'V', "version", "", "the version", [](command_line& to, text) { to.global.version = true; }},
    option{':', "next", "", "begin a new group of URLs with options of their own",
           [](command_line& to, text) { to.groups.emplace_back(); }},
};

}  // namespace

std::span<const option> program_options() { return table; }

}  // namespace braid::get
