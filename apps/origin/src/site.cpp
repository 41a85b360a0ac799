#include <braid/origin/site.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include <braid/net/transport.hpp>
#include <braid/runtime/sleep.hpp>
#include <braid/runtime/timer_queue.hpp>

#include "gzip.hpp"

namespace braid::origin {

namespace {

constexpr std::uint64_t most_bytes = 1u << 30;
constexpr std::uint64_t most_pieces = 1'000'000;
constexpr auto longest_delay = std::chrono::minutes(1);
constexpr std::uint64_t latency_salt = 0x1A7E;
constexpr unsigned slow_pieces = 20;

/// The bytes of /bytes/N: lines of 64.
const std::string& pattern() {
  static const std::string text = [] {
    std::string out;
    out.reserve(1 << 20);
    while (out.size() < 1 << 20) out += "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-\n";
    return out;
  }();
  return text;
}

http::reply not_found() { return http::reply(404, "nothing here\n", "text/plain; charset=utf-8"); }
http::reply bad(std::string why) { return http::reply(400, std::move(why) + "\n", "text/plain; charset=utf-8"); }

boost::asio::awaitable<void> send_pattern(http::reply_stream& out, std::uint64_t left) {
  while (left > 0) {
    const std::string_view piece = std::string_view(pattern()).substr(0, left);
    co_await out.write(piece);
    left -= piece.size();
  }
}

http::reply bytes(std::uint64_t size) {
  if (size > most_bytes) return bad("at most 1 GiB");
  http::reply out;
  out.header("Content-Type", "application/octet-stream");
  if (size <= pattern().size()) {
    // The pattern lives as long as the program: nobody owns it.
    const std::shared_ptr<const void> nobody(std::shared_ptr<void>(), pattern().data());
    out.body(nobody, std::string_view(pattern()).substr(0, size));
  } else {
    out.stream([size](http::reply_stream& to) { return send_pattern(to, size); }, size);
  }
  return out;
}

boost::asio::awaitable<void> send_lines(http::reply_stream& out, std::uint64_t lines) {
  for (std::uint64_t i = 1; i <= lines; ++i) {
    const std::string line = "line " + std::to_string(i) + " of " + std::to_string(lines) + "\n";
    co_await out.write(line);
  }
}

http::reply lines(std::uint64_t count) {
  if (count > most_pieces) return bad("at most 1000000 pieces");
  http::reply out;
  out.header("Content-Type", "text/plain; charset=utf-8");
  out.stream([count](http::reply_stream& to) { return send_lines(to, count); });
  return out;
}

http::reply echo(const http::server_request& request) {
  nlohmann::json fields = nlohmann::json::array();
  for (const auto& field : request.fields()) {
    fields.push_back({std::string(field.name), std::string(field.value)});
  }
  nlohmann::json out{{"method", request.method()},       {"target", request.target()},
                     {"authority", request.authority()}, {"version", request.version() == 10 ? "HTTP/1.0" : "HTTP/1.1"},
                     {"peer", request.peer()},           {"headers", std::move(fields)}};
  return http::reply::json(out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

http::reply zipped(std::uint64_t size) {
  const std::string_view text = std::string_view(pattern()).substr(0, std::clamp<std::uint64_t>(size, 1024, 1 << 20));
  http::reply out(200, gzip(text), "text/plain; charset=utf-8");
  out.header("Content-Encoding", "gzip");
  return out;
}

http::reply home() {
  return http::reply::html(
      "<!doctype html><html lang=\"en\"><head><title>braid-origin</title></head><body><h1>braid-origin</h1>"
      "<form action=\"/search\"><input name=\"q\"><button>Search</button></form>"
      "<p>/google/search?q= /bing/search?q= /duckduckgo/html/?q= /brave/search?q= /ecosia/search?q= /yahoo/search?p= "
      "/bytes/N /status/NNN /delay/MS /redirect/N /stream/N /gzip /headers /stats /robots.txt</p></body></html>\n");
}

boost::asio::awaitable<void> send_slowly(http::reply_stream& out, std::string page, duration step) {
  const std::size_t size = page.size() / slow_pieces + 1;
  for (std::size_t at = 0; at < page.size(); at += size) {
    if (at > 0) co_await sleep_for(step);
    co_await out.write(std::string_view(page).substr(at, size));
  }
}

/// A head that promises `page` whole, and half of it. Then, if `stall`, nothing until the peer gives up.
boost::asio::awaitable<void> send_half(net::transport& to, std::string page, bool stall) {
  std::string text =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " + std::to_string(page.size()) +
      "\r\n\r\n";
  text.append(page, 0, page.size() / 2);
  co_await to.write(boost::asio::buffer(text));
  char ignored[512];
  while (stall) {
    const net::io_result read = co_await to.read_some(boost::asio::buffer(ignored));
    if (!read.ok()) break;
  }
}

std::string seconds(duration wait) { return std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count()); }

double process_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds_of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

}  // namespace

/// Counts a request while it is in flight.
class site::visit {
 public:
  explicit visit(site& owner) : owner_(owner) {
    owner_.requests_.fetch_add(1, std::memory_order_relaxed);
    const auto now = owner_.in_flight_.fetch_add(1, std::memory_order_relaxed) + 1;
    auto most = owner_.max_in_flight_.load(std::memory_order_relaxed);
    while (now > most && !owner_.max_in_flight_.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
    }
  }
  ~visit() { owner_.in_flight_.fetch_sub(1, std::memory_order_relaxed); }
  visit(const visit&) = delete;
  visit& operator=(const visit&) = delete;

 private:
  site& owner_;
};

site::site(site_options options) : options_(std::move(options)) {
  if (!options_.pages.empty()) saved_ = std::make_unique<saved_pages>(options_.pages);
}

site::~site() = default;

http::server_handler site::handler() {
  return [this](http::server_request& request) { return answer(request); };
}

boost::asio::awaitable<http::reply> site::answer(http::server_request& request) {
  route where = find_route(request.target(), request.authority(), options_.fallback);
  if (where.what == route::kind::stats) co_return http::reply::json(stats().json() + "\n");
  const visit counted(*this);
  switch (where.what) {
    case route::kind::search:
    case route::kind::bytes: {
      http::reply out = co_await answer_measured(request, std::move(where));
      co_return out;
    }
    case route::kind::delay: {
      const duration wait = std::chrono::milliseconds(std::min<std::uint64_t>(where.number, 60'000));
      co_await sleep_for(std::min<duration>(wait, longest_delay));
      co_return http::reply::text("waited\n");
    }
    case route::kind::upload: {
      std::uint64_t size = 0;
      for (;;) {
        const std::string_view piece = co_await request.read_some();
        if (piece.empty()) break;
        size += piece.size();
      }
      co_return http::reply::json("{\"bytes\":" + std::to_string(size) + "}\n");
    }
    default:
      co_return answer_plain(request, where);
  }
}

http::reply site::answer_plain(http::server_request& request, const route& where) {
  switch (where.what) {
    case route::kind::home:
      return home();
    case route::kind::status:
      if (where.number < 200 || where.number > 599) return bad("status 200..599");
      return http::reply(static_cast<int>(where.number), "status " + std::to_string(where.number) + "\n",
                         "text/plain; charset=utf-8");
    case route::kind::redirect:
      if (where.number == 0) return http::reply::text("arrived\n");
      return http::reply::redirect("/redirect/" + std::to_string(where.number - 1));
    case route::kind::stream:
      return lines(where.number);
    case route::kind::gzip:
      return zipped(where.number);
    case route::kind::echo:
      return echo(request);
    case route::kind::robots:
      return http::reply::text("User-agent: *\nDisallow: /private/\nAllow: /\n");
    default:
      return not_found();
  }
}

/// Searches and /bytes/N: counted, limited, delayed, and what the fault plan says.
boost::asio::awaitable<http::reply> site::answer_measured(http::server_request& request, route where) {
  const std::uint64_t number = searches_.fetch_add(1, std::memory_order_relaxed);
  if (options_.on_search) options_.on_search(request, where);
  if (options_.limit > 0 && over_limit(timer_queue::of(request.get_executor()).now())) {
    limited_.fetch_add(1, std::memory_order_relaxed);
    http::reply out(429, "too many requests\n", "text/plain; charset=utf-8");
    out.header("Retry-After", seconds(options_.retry_after));
    co_return out;
  }
  if (!options_.latency.is_zero()) {
    random_source random(hash_text("latency", options_.page.seed ^ latency_salt) ^ (number * 0x9E3779B97F4A7C15ull));
    const auto at_once = static_cast<std::size_t>(in_flight_.load(std::memory_order_relaxed));
    const duration wait = under_load(options_.latency.sample(random), at_once, options_.capacity);
    co_await sleep_for(wait);
  }
  const fault_kind fault =
      options_.faults.empty() ? fault_kind::none : options_.faults.pick(options_.page.seed, number);
  if (fault != fault_kind::none) {
    faults_[static_cast<std::size_t>(fault)].fetch_add(1, std::memory_order_relaxed);
    co_return misbehave(fault, where);
  }
  co_return page_for(where);
}

http::reply site::page_for(const route& where) {
  if (where.what == route::kind::bytes) return bytes(where.number);
  if (saved_) {
    auto page = saved_->find(where.which, where.query);
    if (!page) return not_found();
    http::reply out;
    out.header("Content-Type", "text/html; charset=utf-8");
    const std::string_view text = *page;
    out.body(std::move(page), text);
    return out;
  }
  return http::reply::html(render(where.which, invent(where.query, where.page, options_.page), options_.page));
}

http::reply site::misbehave(fault_kind fault, const route& where) {
  switch (fault) {
    case fault_kind::none:
      break;
    case fault_kind::reset:
      return http::reply::reset();
    case fault_kind::too_many:
    case fault_kind::unavailable: {
      http::reply out(fault == fault_kind::too_many ? 429 : 503, "try again later\n", "text/plain; charset=utf-8");
      out.header("Retry-After", seconds(options_.retry_after));
      return out;
    }
    case fault_kind::block: {
      block_page page = render_block(where.which, where.query);
      return http::reply(page.status, std::move(page.html), "text/html; charset=utf-8");
    }
    case fault_kind::truncate:
    case fault_kind::stall:
    case fault_kind::slow:
      break;
  }
  const http::reply whole = page_for(where);
  // A large /bytes/N is a stream and has no body to cut: something of a usual size stands for it.
  std::string page(whole.body().empty() ? std::string_view(pattern()).substr(0, 65'536) : whole.body());
  if (fault == fault_kind::slow) {
    http::reply out;
    out.header("Content-Type", "text/html; charset=utf-8");
    const std::uint64_t size = page.size();
    out.stream([page = std::move(page),
                step = options_.slow_step](http::reply_stream& to) { return send_slowly(to, page, step); },
               size);
    return out;
  }
  const bool stall = fault == fault_kind::stall;
  return http::reply::raw([page = std::move(page), stall](net::transport& to) { return send_half(to, page, stall); });
}

/// A token bucket in one number: the time at which it would be full again. A tenth of a second's requests may come at
/// once.
bool site::over_limit(time_point now) {
  const auto cost =
      static_cast<duration::rep>(static_cast<double>(duration(std::chrono::seconds(1)).count()) / options_.limit);
  const duration::rep burst = std::max(cost, duration(std::chrono::milliseconds(100)).count());
  const duration::rep time = now.time_since_epoch().count();
  duration::rep full = allowed_at_.load(std::memory_order_relaxed);
  for (;;) {
    const duration::rep next = std::max(full, time) + cost;
    if (next - time > burst) return true;
    if (allowed_at_.compare_exchange_weak(full, next, std::memory_order_relaxed)) return false;
  }
}

site_stats site::stats() const {
  site_stats out;
  out.requests = requests_.load(std::memory_order_relaxed);
  out.searches = searches_.load(std::memory_order_relaxed);
  out.limited = limited_.load(std::memory_order_relaxed);
  out.in_flight = in_flight_.load(std::memory_order_relaxed);
  out.max_in_flight = max_in_flight_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < fault_kinds; ++i) out.faults[i] = faults_[i].load(std::memory_order_relaxed);
  out.cpu_seconds = process_seconds();
  return out;
}

std::string site_stats::json() const {
  nlohmann::json faults_by_name = nlohmann::json::object();
  for (std::size_t i = 1; i < fault_kinds; ++i) {
    if (faults[i] > 0) faults_by_name[std::string(to_string(static_cast<fault_kind>(i)))] = faults[i];
  }
  return nlohmann::json{{"requests", requests},      {"searches", searches},           {"limited", limited},
                        {"in_flight", in_flight},    {"max_in_flight", max_in_flight}, {"faults", faults_by_name},
                        {"cpu_seconds", cpu_seconds}}
      .dump();
}

}  // namespace braid::origin
