#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "../fetch/options.hpp"
#include "cluster_line.hpp"

namespace braid::serve {

/// What `braid-serp serve` was asked to do.
struct serve_options {
  serve_options() = default;

  fetch::fetch_options gathering;  ///< how pages are got; its queries, outputs and engines are not used
  std::string address = "127.0.0.1";
  std::uint16_t port = 8090;
  bool insecure = false;    ///< listens beyond this machine without tokens or TLS
  std::string state_file;   ///< empty: in memory
  std::string tokens_file;  ///< empty: none
  std::string cert_file, key_file;
  double keep_days = 30;
  std::chrono::milliseconds cache = std::chrono::hours(1);  ///< 0: no record answers twice
  std::chrono::milliseconds wait = std::chrono::seconds(120);
  std::uint64_t most_waiting = 1'000'000;
  std::string callback_secret_file;  ///< empty: the secret is in the environment, or there are no callbacks
  bool private_callbacks = false;    ///< they may lead inside this machine and its network
  unsigned callback_attempts = 12;
  cluster_options cluster;  ///< tasks are done by workers; off without a Redis server
  std::string new_token;    ///< makes one of this name and ends
};

/// `known` are the engines there are definitions for. argv[0] is the command's own name.
std::variant<serve_options, fetch::early_exit> parse_command_line(int argc, const char* const* argv,
                                                                  const std::vector<std::string>& known);

/// Why a server may not listen there; empty if it may. Beyond this machine it takes tokens and TLS, or the user's word.
std::string objection(const std::string& address, bool has_tokens, bool has_tls, bool insecure);

}  // namespace braid::serve
