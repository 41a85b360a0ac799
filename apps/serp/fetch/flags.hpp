#pragma once

#include <CLI/App.hpp>
#include <string>

namespace braid::fetch {

/// A flag says something by being there: --robots=no is refused where CLI11 alone would read it as any number or word
/// that it takes for a truth value. Call it when all options of `app` and of its subcommands are there.
void refuse_values_of_flags(CLI::App& app);

/// What is wrong with a command line, for its user: CLI11's words, except for those about a flag's value.
std::string message_of(const CLI::ParseError& wrong);

}  // namespace braid::fetch
