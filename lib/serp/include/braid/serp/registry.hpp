#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <braid/serp/engine.hpp>

namespace braid::serp {

/// The engines by name.
class registry {
 public:
  /// The definitions compiled in, and over them those of the folder that the environment variable BRAID_ENGINES names,
  /// where it is set. Throws what load_folder() throws.
  static registry standard();
  /// The definitions compiled in.
  static registry builtin();

  /// Adds every *.json of the folder (but engine.schema.json); a definition of the same name takes the place of the
  /// one there was. Throws: io_error, invalid_argument.
  void load_folder(const std::filesystem::path& folder);
  void add(engine added);

  /// Throws: invalid_argument, which lists the engines there are.
  const engine& find(std::string_view name) const;
  const engine* try_find(std::string_view name) const;
  std::vector<std::string> names() const;

 private:
  std::map<std::string, engine, std::less<>> engines_;
};

}  // namespace braid::serp
