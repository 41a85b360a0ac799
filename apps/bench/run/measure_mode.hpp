#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "options.hpp"
#include "page_parser.hpp"
#include "result.hpp"

namespace braid::bench {

/// Runs one arrangement once, against a new origin if it is ours: then what it counts is of this run alone. `label` is
/// for the progress line.
run_result measure_mode(const mode_plan& plan, const modes_options& options, const std::string& label,
                        const std::optional<page_parser>& parser, const std::atomic<bool>& interrupted);

/// What answers: our origin with these pages, or the target.
std::string describe_origin(const modes_options& options);

}  // namespace braid::bench
