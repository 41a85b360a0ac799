// HTTP/2 with everything going wrong at once, by a fixed seed, in virtual time: nothing may hang, be lost or left.
#include <braid/runtime/timeout.hpp>
#include <random>

#include "h2_client_fixture.hpp"

using namespace h2_tests;

namespace {

struct outcomes {
  std::size_t good = 0;
  std::size_t failed = 0;
  std::size_t given_up = 0;
  std::size_t wrong = 0;
};

/// One of the ways a request may go, good ones mostly.
void misbehave(h2_peer& peer, std::int32_t id, const h2_peer::request& what, std::mt19937& dice) {
  const std::string size = std::to_string(what.body.size());
  switch (dice() % 20) {
    case 0:
      return;  // silence
    case 1:
      return peer.reset(id, NGHTTP2_REFUSED_STREAM);
    case 2:
      return peer.reset(id, NGHTTP2_INTERNAL_ERROR);
    case 3:
      peer.goaway(id);
      break;
    case 4:
      peer.keep_open(id);  // never ends
      break;
    case 5:
      peer.headers(id, {{":status", "103"}, {"link", "</x>"}});
      break;
    case 6:
      peer.ping();
      break;
    default:
      break;
  }
  peer.respond(id, {{":status", "200"}, {"x-size", size}}, std::string(dice() % 100'000, 'r'), {});
}

awaitable<void> ask_one(http::client client, std::uint32_t kind, outcomes& out) {
  const std::string body(kind % 3 == 0 ? kind % 300'000 : 0, 'q');
  http::request what(kind % 3 == 0 ? "PUT" : "GET", "http://h/" + std::to_string(kind));
  if (!body.empty()) what.body(body);
  try {
    if (kind % 7 == 0) {
      // Reads some and leaves.
      http::response_stream half = co_await client.stream(std::move(what));
      const std::string_view piece = co_await half.read_some();
      out.good += piece.size() < 1'000'000;
      co_return;
    }
    awaitable<http::response> asking = client.send(std::move(what));
    const http::response got = co_await with_timeout(std::chrono::milliseconds(kind % 5000), std::move(asking));
    const bool right = got.header("x-size") == std::to_string(body.size());
    ++(right ? out.good : out.wrong);
  } catch (const timeout_error&) {
    ++out.given_up;
  } catch (const error&) {
    ++out.failed;
  }
}

}  // namespace

TEST_CASE("h2: hundreds of requests through faults and cancellations leave nothing behind") {
  for (const unsigned seed : {1u, 2u}) {
    run_virtual([seed]() -> awaitable<void> {
      std::mt19937 server_dice(seed), dice(seed + 100);
      memory_server server(
          [&](h2_peer& peer, std::int32_t id, const h2_peer::request& what) { misbehave(peer, id, what, server_dice); },
          30);
      http::client_options options;
      options.http2.window = 50'000;
      options.http2.connections_per_host = 1 + seed % 2;
      auto client = server.client(options);
      outcomes out;
      co_await with_task_group([&](task_group& group) -> awaitable<void> {
        for (int i = 0; i < 40; ++i) {
          group.spawn([&]() -> awaitable<void> {
            for (int turn = 0; turn < 10; ++turn) co_await ask_one(client, dice() & 0xFFFFFFF, out);
          });
        }
        // Lines break now and then, or go silent.
        for (int i = 0; i < 10; ++i) {
          co_await sleep_for(3s);
          if (server.connections() == 0) continue;
          const std::size_t last = server.connections() - 1;
          if (i % 2 == 0) server.reset(last);
          if (i % 2 != 0) server.go_silent(last);
        }
      });
      CHECK(out.wrong == 0);
      CHECK(out.good > 200);
      CHECK(out.good + out.failed + out.given_up == 400);
      co_await sleep_for(120s);
      const std::string pool = co_await pool_of(client);
      CHECK(pool == clean);
    });
  }
}
