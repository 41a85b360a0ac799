#include "pages.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace braid::test {
namespace {

std::string path_of(const std::string& name) {
  const auto whole = std::string(BRAID_TEST_DIR) + "/pages/" + name;
  return std::filesystem::exists(whole + ".html") ? whole + ".html" : whole + ".json";
}

}  // namespace

std::string page_file(const std::string& name) {
  std::ifstream in(path_of(name), std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

const serp::registry& builtin_engines() {
  static const auto engines = serp::registry::builtin();
  return engines;
}

const serp::engine& engine_of(const std::string& name) { return builtin_engines().find(name); }

std::vector<std::string> engines_that_answer_in(const std::string& format) {
  std::vector<std::string> names;
  for (const auto& name : builtin_engines().names()) {
    const bool json = engine_of(name).source().find("\"format\": \"json\"") != std::string::npos;
    if (json == (format == "json")) names.push_back(name);
  }
  return names;
}

serp::record parsed(const std::string& page) {
  return serp::parse_page(engine_of(page.substr(0, page.find('-'))), page_file(page));
}

}  // namespace braid::test
