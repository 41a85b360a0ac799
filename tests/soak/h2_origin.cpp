#include "soak/h2_origin.hpp"

#include <boost/asio/buffer.hpp>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <string>

#include <braid/net/listener.hpp>
#include <braid/origin/random.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/signals.hpp>
#include <braid/runtime/task_group.hpp>
#include "http/h2_peer.hpp"

namespace soak {

namespace {

using braid::awaitable;
using braid::origin::fault_kind;
using h2_tests::h2_peer;
namespace net = braid::net;

struct site {
  const braid::origin::fault_plan& faults;
  std::uint64_t seed;
  std::uint64_t requests = 0;

  site(const braid::origin::fault_plan& plan, std::uint64_t dice) : faults(plan), seed(dice) {}
};

/// A connection and what is to become of it once its answers are out.
struct link {
  enum class fate : std::uint8_t { lives, silent, ends, resets };

  link(site& of, std::unique_ptr<net::transport> stream)
      : owner(of),
        line(std::move(stream)),
        peer([this](h2_peer&, std::int32_t id, const h2_peer::request& what) { answer(id, what); }) {
    peer.forget_closed();
  }

  void answer(std::int32_t id, const h2_peer::request& what);

  site& owner;
  std::unique_ptr<net::transport> line;
  h2_peer peer;
  fate then = fate::lives;
  bool leaving = false;
};

std::size_t size_of(const std::string& path) {
  constexpr std::string_view bytes = "/bytes/";
  std::size_t out = 0;
  if (path.starts_with(bytes)) std::from_chars(path.data() + bytes.size(), path.data() + path.size(), out);
  return std::min<std::size_t>(out, 1 << 20);
}

void link::answer(std::int32_t id, const h2_peer::request& what) {
  const std::uint64_t number = owner.requests++;
  braid::origin::random_source dice(owner.seed ^ (number * 0x9E3779B97F4A7C15ull));
  const bool whole_line = dice.below(2) == 0;
  const std::size_t size = size_of(what.field(":path"));
  const h2_tests::field_list head{{":status", "200"}, {"content-length", std::to_string(size)}};
  switch (dice.below(100)) {
    case 0:
      peer.headers(id, {{":status", "103"}, {"link", "</style.css>; rel=preload"}});
      break;
    case 1:
      peer.ping();
      break;
    case 2:
      // Once: a later one may not name a later request.
      if (!leaving && dice.below(10) == 0) peer.goaway(id), leaving = true;
      break;
    default:
      break;
  }
  const fault_kind fault = owner.faults.pick(owner.seed, number);
  switch (fault) {
    case fault_kind::reset:
      if (whole_line) {
        then = fate::resets;
      } else {
        peer.reset(id, dice.below(2) == 0 ? NGHTTP2_REFUSED_STREAM : NGHTTP2_INTERNAL_ERROR);
      }
      return;
    case fault_kind::stall:
      if (whole_line) then = fate::silent;
      peer.keep_open(id);
      return peer.respond(id, head, std::string(size / 2, 'x'));
    case fault_kind::truncate:
      then = fate::ends;
      peer.keep_open(id);
      return peer.respond(id, head, std::string(size / 2, 'x'));
    default:
      return peer.respond(id, head, std::string(size, 'x'));
  }
}

awaitable<void> serve(std::shared_ptr<link> on) {
  char buffer[16 * 1024];
  for (bool open = true; open;) {
    const std::string out = on->then == link::fate::silent ? std::string() : on->peer.output();
    if (!out.empty()) {
      const net::io_result sent = co_await on->line->write(boost::asio::buffer(out));
      if (!sent.ok()) co_return;
    }
    if (on->then == link::fate::ends) co_return;
    if (on->then == link::fate::resets) co_return on->line->reset();
    const net::io_result got = co_await on->line->read_some(boost::asio::buffer(buffer));
    open = got.ok();
    if (open && on->then != link::fate::silent) open = on->peer.receive({buffer, got.size});
  }
}

}  // namespace

int serve_h2(const braid::origin::fault_plan& faults, std::uint64_t seed) {
  site here(faults, seed);
  braid::runtime one;
  one.run([&]() -> awaitable<void> {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto at = net::endpoint::parse("127.0.0.1", 0);
    net::listener door(executor, *at);
    std::printf("listening on http://127.0.0.1:%u\n", door.local_endpoint().port());
    std::fflush(stdout);
    co_await braid::with_task_group([&](braid::task_group& group) -> awaitable<void> {
      for (;;) {
        std::unique_ptr<net::transport> stream = co_await door.accept();
        auto mine = std::make_shared<link>(here, std::move(stream));
        group.spawn(serve(std::move(mine)));
      }
    });
  });
  return 0;
}

}  // namespace soak
