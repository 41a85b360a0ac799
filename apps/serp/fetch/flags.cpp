#include "flags.hpp"

#include <CLI/CLI.hpp>
#include <string_view>

namespace braid::fetch {

void refuse_values_of_flags(CLI::App& app) {
  const auto is_flag = [](const CLI::Option* one) { return one->get_expected_max() == 0; };
  for (auto* flag : app.get_options(is_flag)) flag->disable_flag_override();
  for (auto* command : app.get_subcommands(nullptr)) refuse_values_of_flags(*command);
}

std::string message_of(const CLI::ParseError& wrong) {
  constexpr std::string_view about_flag = " was given a disallowed flag override";
  const std::string text = wrong.what();
  if (!text.ends_with(about_flag)) return text;
  return "--" + text.substr(0, text.size() - about_flag.size()) + " takes no value";
}

}  // namespace braid::fetch
