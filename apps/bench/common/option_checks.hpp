#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "bench/run/options.hpp"

namespace braid::bench {

// What the commands' options have in common: how their values are read, and what is said of those that are none.

/// A size with an optional suffix: 300K, 1M. Powers of 1024.
std::optional<std::uint64_t> parse_size(const std::string& text);

CLI::Validator size_validator();

/// Durations; a number alone counts in `unit`.
CLI::Validator duration_in(std::chrono::nanoseconds unit);

CLI::Validator contexts_validator();

/// What contexts_validator() let pass.
unsigned contexts_from(const std::string& text);

/// --progress, with what progress_from() takes.
void add_progress(CLI::App& app, std::string& name);
progress_style progress_from(const std::string& name);

}  // namespace braid::bench
