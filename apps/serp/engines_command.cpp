#include "engines_command.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>

#include <braid/core/error.hpp>
#include <braid/serp/registry.hpp>

namespace braid::app {

serp::registry load_engines(const engines_options& options) {
  auto engines = serp::registry::standard();
  if (!options.folder.empty()) engines.load_folder(options.folder);
  return engines;
}

int run_engines_list(const engines_options& options) {
  const auto engines = load_engines(options);
  for (const auto& name : engines.names()) {
    const auto& engine = engines.find(name);
    std::string blocks;
    for (const auto& block : engine.blocks()) blocks += (blocks.empty() ? "" : ", ") + block;
    std::printf("%-16s %-18s version %-4s %s\n", name.c_str(), engine.title().c_str(), engine.version().c_str(),
                blocks.c_str());
  }
  return 0;
}

int run_engines_show(const engines_options& options, const std::string& engine) {
  const auto engines = load_engines(options);
  std::fputs(engines.find(engine).source().c_str(), stdout);
  return 0;
}

int run_engines_check(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string json((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in) throw io_error("cannot read " + file);
  try {
    const auto engine = serp::engine::load(json, file);
    std::printf("%s: %s version %s is well formed\n", file.c_str(), engine.name().c_str(), engine.version().c_str());
    return 0;
  } catch (const invalid_argument& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}

}  // namespace braid::app
