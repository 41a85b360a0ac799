#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bench/run/options.hpp"
#include "mix.hpp"

namespace braid::bench {

/// Whose figure a run is to give: that decides whether a busy generator spoils it.
enum class figure_of {
  target,  ///< how fast it answers: the generator must have time to spare
  client,  ///< what the generator can do: it must have had no time to spare
};

/// What `braid-bench load` was asked to do.
struct load_options {
  std::string url;
  std::vector<mix_entry> mix;  ///< what is asked for; one entry, for the URL, where no mix was given
  std::vector<std::pair<std::string, std::string>> fields;
  unsigned connections = 64;   ///< requests in flight at most, in all; over HTTP/1.1 each has a connection
  std::optional<double> rate;  ///< requests a second (open loop); nothing for as fast as they are answered
  std::optional<std::chrono::nanoseconds> run_for;  ///< a repetition; this or `requests` is set
  std::optional<std::uint64_t> requests;            ///< a repetition
  std::chrono::nanoseconds warm_up = std::chrono::milliseconds(500);
  std::chrono::nanoseconds timeout = std::chrono::seconds(30);  ///< of a request
  unsigned repeat = 5;
  unsigned contexts = 1;
  bool pin = false;
  bool http2 = false;
  unsigned streams = 100;  ///< of an HTTP/2 connection
  bool insecure = false;
  std::string ca_file;
  figure_of figure = figure_of::target;
  std::string json_file;
  std::string report_file;
  std::string trace_file;
  progress_style progress = progress_style::automatic;

  /// Requests in flight on context `index`: dealt out so that contexts differ by at most one.
  unsigned tasks_on(unsigned index) const {
    return connections / contexts + (index < connections % contexts ? 1U : 0U);
  }
};

/// Why these options cannot be together. Empty when all is well.
std::string contradiction(const load_options& options);

}  // namespace braid::bench
