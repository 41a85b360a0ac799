// -b and -c: one box for all transfers of a command line.
#include "body_text.hpp"
#include "get_error.hpp"
#include "transfer.hpp"
#include "warning.hpp"

namespace braid::get {

void begin_cookies(session& in) {
  for (const url_options& options : in.line.groups) {
    if (options.cookie_files.empty() && options.cookie_jar.empty()) continue;
    if (!in.cookies) in.cookies.emplace();
    for (const std::string& file : options.cookie_files) {
      try {
        if (file.empty()) continue;
        in.cookies->read(file_content(file), !options.junk_session, std::time(nullptr));
      } catch (const get_error&) {
        warn(in.line.global, "failed to read cookies from " + file);
      }
    }
  }
}

void end_cookies(session& in) {
  for (const url_options& options : in.line.groups) {
    if (options.cookie_jar.empty()) continue;
    output file(options.cookie_jar, output::mode::replace, false, false);
    file.write(in.cookies->write(std::time(nullptr)));
    file.close();
  }
}

}  // namespace braid::get
