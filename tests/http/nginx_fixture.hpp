#pragma once

#include <scratch_folder.hpp>

#include "local_server.hpp"
#include "server_program.hpp"

namespace client_tests {

/// False, and a word about it, where a program that the test needs is not there.
inline bool have(const std::string& name) {
  if (!find_program(name).empty()) return true;
  WARN("SKIPPED: no " << name);
  return false;
}

/// With `lines` in its server block.
inline server_program::arguments nginx(const scratch_folder& files, const std::string& lines) {
  return [&files, lines](std::uint16_t port) {
    const certificates& all = certificates::shared();
    const std::string root = files.file("");
    std::string text = "daemon off; master_process off; pid " + root + "pid; error_log " + root + "errors;\n";
    text += "events { worker_connections 512; }\nhttp {\n  access_log off; types { text/html html; }\n";
    for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
      text += "  " + std::string(kind) + "_temp_path " + root + kind + ";\n";
    }
    text += "  server {\n    listen 127.0.0.1:" + std::to_string(port) + " ssl http2;\n    root " + root + ";\n";
    text += "    ssl_certificate " + all.chain("good") + ";\n    ssl_certificate_key " + all.key("good") + ";\n";
    text += lines + "  }\n}\n";
    const std::string path = files.file("nginx.conf");
    scratch_folder::put(path, text);
    return std::vector<std::string>{"-c", path, "-p", root, "-e", root + "errors"};
  };
}

template <class F>
void run_real(F body) {
  runtime one;
  one.run(std::move(body));
}

}  // namespace client_tests
