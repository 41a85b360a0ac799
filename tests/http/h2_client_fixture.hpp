#pragma once

#include <memory>
#include <string>
#include <vector>

#include "client_fixture.hpp"
#include "h2_peer.hpp"

namespace h2_tests {

using namespace client_tests;

/// A server of HTTP/2 in memory, behind a client's connector: each connection is an h2_peer.
class memory_server {
 public:
  explicit memory_server(h2_peer::handler on_request, std::uint32_t max_streams = 100) {
    state_->on_request = std::move(on_request);
    state_->max_streams = max_streams;
    // Connections may outlive the test's own end of them.
    peer_.always([shared = state_](wire& w) -> awaitable<void> { return serve(shared, w); });
  }

  http::client client(http::client_options options = {}) {
    options.http_version = http::protocol_choice::http2_prior_knowledge;
    return client_of(peer_, std::move(options));
  }

  /// The n-th connection.
  h2_peer& at(std::size_t index) { return *state_->links.at(index)->peer; }
  std::size_t connections() const { return state_->links.size(); }
  /// Sends what the test made a connection say.
  awaitable<void> flush(std::size_t index = 0) { return drain(state_->links.at(index)); }
  /// Breaks a connection.
  void reset(std::size_t index) {
    if (wire* const line = state_->links.at(index)->line) line->reset();
  }
  /// Takes nothing more off it and says nothing: what a peer behind a dead cable looks like.
  void go_silent(std::size_t index) { state_->links.at(index)->silent = true; }
  /// How many writes of the client's a connection has seen.
  std::size_t reads(std::size_t index) const { return state_->links.at(index)->reads; }

 private:
  struct link {
    std::unique_ptr<h2_peer> peer;
    wire* line = nullptr;
    std::size_t reads = 0;
    bool writing = false;
    bool silent = false;
  };

  struct state {
    h2_peer::handler on_request;
    std::uint32_t max_streams = 100;
    std::vector<std::shared_ptr<link>> links;
  };

  static awaitable<void> drain(std::shared_ptr<link> on) {
    if (on->writing || !on->line || on->silent) co_return;
    on->writing = true;
    for (;;) {
      std::string bytes = on->peer->output();
      if (bytes.empty()) break;
      co_await on->line->send(std::move(bytes));
    }
    on->writing = false;
  }

  static awaitable<void> serve(std::shared_ptr<state> shared, wire& w) {
    const auto mine = std::make_shared<link>();
    shared->links.push_back(mine);
    mine->peer = std::make_unique<h2_peer>(shared->on_request, shared->max_streams);
    mine->line = &w;
    char buffer[16 * 1024];
    for (bool open = true; open;) {
      co_await drain(mine);
      const net::io_result got = co_await w.stream().read_some(asio::buffer(buffer));
      open = got.ok();
      if (!open || mine->silent) continue;
      ++mine->reads;
      open = mine->peer->receive({buffer, got.size});
    }
    co_await drain(mine);
    mine->line = nullptr;
  }

  std::shared_ptr<state> state_ = std::make_shared<state>();
  scripted_peer peer_;
};

/// Says the path, with the body behind it.
inline void say_path(h2_peer& peer, std::int32_t id, const h2_peer::request& what) {
  const std::string body = what.field(":path") + what.body;
  peer.respond(id, {{":status", "200"}, {"content-length", std::to_string(body.size())}}, body);
}

}  // namespace h2_tests
