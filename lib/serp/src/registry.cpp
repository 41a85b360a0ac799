#include <braid/serp/registry.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <braid/core/error.hpp>

#include "builtin.hpp"

namespace braid::serp {

registry registry::standard() {
  auto made = builtin();
  if (const char* folder = std::getenv("BRAID_ENGINES"); folder != nullptr && *folder != '\0') made.load_folder(folder);
  return made;
}

registry registry::builtin() {
  registry made;
  for (const auto& file : builtin_definitions()) made.add(engine::load(file.json, file.name));
  return made;
}

void registry::load_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    if (at->path().extension() == ".json" && at->path().filename() != "engine.schema.json") files.push_back(at->path());
  if (failed) throw io_error("cannot read the engine folder " + folder.string() + ": " + failed.message());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::string json((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in) throw io_error("cannot read " + file.string());
    add(engine::load(json, file.string()));
  }
}

void registry::add(engine added) {
  const auto name = added.name();
  engines_.insert_or_assign(name, std::move(added));
}

const engine* registry::try_find(std::string_view name) const {
  const auto found = engines_.find(name);
  return found == engines_.end() ? nullptr : &found->second;
}

const engine& registry::find(std::string_view name) const {
  if (const auto* found = try_find(name)) return *found;
  std::string known;
  for (const auto& [each, _] : engines_) known += (known.empty() ? "" : ", ") + each;
  throw invalid_argument("unknown engine \"" + std::string(name) + "\"; known: " + known);
}

std::vector<std::string> registry::names() const {
  std::vector<std::string> all;
  for (const auto& [name, _] : engines_) all.push_back(name);
  return all;
}

}  // namespace braid::serp
