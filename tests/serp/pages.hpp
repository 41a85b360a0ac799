#pragma once

#include <string>

#include <braid/serp/parse.hpp>
#include <braid/serp/registry.hpp>

namespace braid::test {

/// A page of tests/serp/pages; fails the test if it is not there.
std::string page_file(const std::string& name);
const serp::registry& builtin_engines();
const serp::engine& engine_of(const std::string& name);
/// The names of the engines that answer in HTML, or of those that answer in JSON.
std::vector<std::string> engines_that_answer_in(const std::string& format);
/// The page "engine.html", "engine-what-it-shows.html" or the same in JSON, parsed by that engine.
serp::record parsed(const std::string& page);

}  // namespace braid::test
