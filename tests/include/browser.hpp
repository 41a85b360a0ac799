#pragma once

#include <catch2/catch.hpp>
#include <child_program.hpp>
#include <cstdlib>
#include <scratch_folder.hpp>
#include <sstream>
#include <string>

/// What a browser made of a page: its document after the scripts, and what they said on the console.
struct opened {
  std::string document;
  std::string console;
};

/// Opens a page in a headless browser, with these options beside the usual ones.
inline opened in_browser(const std::string& page, const std::string& more = {}) {
  const scratch_folder folder;
  scratch_folder::put(folder.file("page.html"), page);
  const auto command =
      "chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --enable-logging=stderr " + more +
      " --user-data-dir=" + folder.file("profile") + " --virtual-time-budget=3000 --dump-dom file://" +
      folder.file("page.html") + " > " + folder.file("document") + " 2> " + folder.file("log");
  REQUIRE(std::system(command.c_str()) == 0);
  opened out{scratch_folder::text_of(folder.file("document")), {}};
  std::istringstream log(scratch_folder::text_of(folder.file("log")));
  for (std::string line; std::getline(log, line);) {
    if (line.find("CONSOLE") != std::string::npos) out.console += line + "\n";
  }
  return out;
}

/// Says that a test is skipped where there is none.
inline bool have_browser() {
  if (child_program::installed("chromium")) return true;
  WARN("SKIPPED: no chromium");
  return false;
}
