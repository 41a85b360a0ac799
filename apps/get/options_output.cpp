#include <array>

#include "body_text.hpp"
#include "get_error.hpp"
#include "option_table.hpp"
#include "warning.hpp"

namespace braid::get {

namespace {

using text = const std::string&;
using existing = url_options::existing;

void refuse_resumed(const command_line& to, text value, const std::string& name) {
  const bool resumes = to.groups.back().resume_by_file || to.groups.back().resume_from;
  if (resumes && !value.empty()) throw bad_use("--continue-at is mutually exclusive with " + name);
}

constexpr std::array table{
    option{'o', "output", "FILE", "write to FILE, one for each URL; #1 stands for the first {} or [] of the URL",
           [](command_line& to, text v) {
             to.group().targets.push_back({v, false, false});
           }},
    option{'O', "remote-name", "", "write to a file named as in the URL",
           [](command_line& to, text v) {
             if (!v.empty() || to.group().remote_name_all) to.group().targets.push_back({"", !v.empty(), false});
           }},
    option{0, "remote-name-all", "", "as -O, for all URLs",
           [](command_line& to, text v) { to.group().remote_name_all = !v.empty(); }},
    option{0, "out-null", "", "write to nowhere",
           [](command_line& to, text) {
             to.group().targets.push_back({"", false, true});
           }},
    option{'J', "remote-header-name", "", "with -O, take the name from Content-Disposition",
           [](command_line& to, text v) { to.group().header_name = !v.empty(); }},
    option{0, "output-dir", "FOLDER", "where -o and -O write",
           [](command_line& to, text v) { to.group().output_dir = v; }},
    option{0, "create-dirs", "", "make the folders of -o",
           [](command_line& to, text v) { to.group().create_dirs = !v.empty(); }},
    option{0, "clobber", "", "overwrite files, also with -J; --no-clobber takes another name",
           [](command_line& to, text v) {
             if (v.empty()) refuse_resumed(to, "1", "--no-clobber");
             to.group().when_exists = v.empty() ? existing::keep : existing::overwrite;
           }},
    option{0, "skip-existing", "", "leave out what has its file",
           [](command_line& to, text v) { to.group().when_exists = v.empty() ? existing::usual : existing::skip; }},
    option{0, "remove-on-error", "", "leave no file behind that failed",
           [](command_line& to, text v) {
             refuse_resumed(to, v, "--remove-on-error");
             to.group().remove_on_error = !v.empty();
           }},
    option{'R', "remote-time", "", "give the file the time of Last-Modified",
           [](command_line& to, text v) { to.group().remote_time = !v.empty(); }},
    option{'i', "include", "", "write the head too",
           [](command_line& to, text v) { to.group().include_head = !v.empty(); }},
    option{0, "show-headers", "", "", [](command_line& to, text v) { to.group().include_head = !v.empty(); }},
    option{'D', "dump-header", "FILE", "write heads to FILE",
           [](command_line& to, text v) { to.group().dump_header = v; }},
    option{'f', "fail", "", "a status of 400 or more fails with 22, and writes no body",
           [](command_line& to, text v) {
             if (to.group().fail_with_body && !v.empty()) warn(to.global, "--fail deselects --fail-with-body here");
             to.group().fail = !v.empty();
             if (!v.empty()) to.group().fail_with_body = false;
           }},
    option{0, "fail-with-body", "", "as -f, and writes the body",
           [](command_line& to, text v) {
             if (to.group().fail && !v.empty()) warn(to.global, "--fail-with-body deselects --fail here");
             to.group().fail_with_body = !v.empty();
             if (!v.empty()) to.group().fail = false;
           }},
    option{0, "raw", "", "leave chunks as they are", [](command_line& to, text v) { to.group().raw = !v.empty(); }},
    option{0, "ignore-content-length", "", "the body lasts until the connection ends",
           [](command_line& to, text v) { to.group().ignore_length = !v.empty(); }},
    option{'N', "no-buffer", "", "write what comes at once",
           [](command_line& to, text v) { to.group().unbuffered = !v.empty(); }},
    option{0, "buffer", "", "", [](command_line& to, text v) { to.group().unbuffered = v.empty(); }},
    option{'w', "write-out", "FORMAT",
           "write this at the end: %{http_code}, %{json}, %header{name}, ...; @FILE reads it",
           [](command_line& to, text v) {
             to.group().write_out = v.starts_with('@') ? body_text(v, data_kind::binary) : v;
           }},
};

}  // namespace

std::span<const option> output_options() { return table; }

}  // namespace braid::get
