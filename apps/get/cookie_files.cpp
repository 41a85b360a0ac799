// -b and -c: one jar for all transfers of a command line.
#include "body_text.hpp"
#include "get_error.hpp"
#include "transfer.hpp"
#include "warning.hpp"

namespace braid::get {

void begin_cookies(session& in) {
  for (const url_options& options : in.line.groups) {
    if (options.cookie_files.empty() && options.cookie_jar.empty()) continue;
    if (!in.cookies) in.cookies = std::make_shared<http::cookie_jar>();
    for (const std::string& file : options.cookie_files) {
      try {
        if (!file.empty()) in.cookies->import_netscape(file_content(file), std::chrono::system_clock::now());
      } catch (const std::exception&) {
        warn(in.line.global, "failed to read cookies from " + file);
      }
    }
    if (options.junk_session) in.cookies->end_session();
  }
}

void end_cookies(session& in) {
  for (const url_options& options : in.line.groups) {
    if (options.cookie_jar.empty()) continue;
    output file(options.cookie_jar, output::mode::replace, false, false);
    file.write(in.cookies->export_netscape(std::chrono::system_clock::now()));
    file.close();
  }
}

}  // namespace braid::get
