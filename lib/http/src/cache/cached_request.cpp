#include "cache/cached_request.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/this_coro.hpp>
#include <charconv>
#include <type_traits>

#include <braid/core/error.hpp>
#include <braid/http/cookies.hpp>

#include "cache/cached_body.hpp"
#include "client/exchange.hpp"

namespace braid::http {

namespace {

/// Fields by which a request compares or cuts by itself: its answer is its own affair.
constexpr std::array<std::string_view, 5> own_conditions{"If-None-Match", "If-Modified-Since", "If-Match",
                                                         "If-Unmodified-Since", "If-Range"};

/// A response whose body was decoded does not stand for one that was not.
std::string key_of(const url& target, bool decoded, std::optional<std::string_view> host) {
  std::string key(decoded ? "decoded " : "as sent ");
  key += target.without_secrets().str();
  if (host) key.append(" ").append(*host);
  return key;
}

bool is_server_error(int status) { return status == 500 || status == 502 || status == 503 || status == 504; }

}  // namespace

cached_request::question cached_request::ask(client_pointer client, request what, const ways& past) {
  question out;
  const client_options& options = client->options;
  std::string cookies;
  if (options.cookies) cookies = options.cookies->header_for(what.url_, client->wall_now());
  out.fields = client->encoder.fields(what, cookies);
  out.control = parse_cache_control(out.fields);
  out.key = key_of(what.url_, options.decompress && !what.fields_.has("Accept-Encoding"), what.fields_.get("Host"));
  out.client = std::move(client);
  out.past = &past;
  out.what = std::move(what);
  return out;
}

template <class Answer>
boost::asio::awaitable<Answer> cached_request::fetch(client_pointer client, request&& what, const ways& past) {
  if constexpr (std::is_same_v<Answer, response>) {
    return past.whole(std::move(client), std::move(what));
  } else {
    return past.streamed(std::move(client), std::move(what));
  }
}

template <class Answer>
boost::asio::awaitable<Answer> cached_request::run(client_pointer client, request what, const ways& past) {
  response_cache& cache = *client->options.cache;
  if (what.method_ != "GET" || what.has_body_ || what.wire_) {
    const url target = what.url_;
    const std::string method = what.method_;
    auto fetching = fetch<Answer>(client, std::move(what), past);
    Answer got = co_await std::move(fetching);
    co_await invalidate(client, method, target, got);
    co_return got;
  }
  question about = ask(client, std::move(what), past);
  const auto is_named = [&](std::string_view name) { return about.what.fields_.has(name); };
  const bool conditional = std::any_of(own_conditions.begin(), own_conditions.end(), is_named);
  if (!conditional && !about.control.no_store) {
    auto finding = cache.find(about.key, about.fields);
    about.stored = co_await std::move(finding);
  }
  const wall_time now = client->wall_now();
  const bool part = is_named("Range");
  const cache_verdict verdict = judge(about.stored.get(), about.control, now);
  if (verdict == cache_verdict::unavailable) {
    response none;
    none.status_ = 504;
    none.reason_ = "Gateway Timeout";
    none.method_ = about.what.method_;
    none.url_ = about.what.url_;
    co_return given<Answer>(std::move(none));
  }
  if (verdict == cache_verdict::serve || verdict == cache_verdict::serve_and_refresh) {
    response out = served(about, *about.stored, now);
    if (!part || narrow(out, about.what)) {
      const bool refreshes = verdict == cache_verdict::serve_and_refresh && !part;
      if (refreshes && cache.begin_refresh(about.key)) {
        const auto executor = co_await boost::asio::this_coro::executor;
        detail::launch(executor, {}, refresh(std::move(about)));
      }
      co_return given<Answer>(std::move(out));
    }
  }
  if (part) about.stored = nullptr;  // a 304 would speak of the whole
  auto answering = answer<Answer>(std::move(about));
  Answer got = co_await std::move(answering);
  co_return got;
}

template boost::asio::awaitable<response> cached_request::run(client_pointer, request, const ways&);
template boost::asio::awaitable<response_stream> cached_request::run(client_pointer, request, const ways&);

/// Asks the origin, with what is stored to compare, and keeps what comes.
template <class Answer>
boost::asio::awaitable<Answer> cached_request::answer(question about) {
  request what = about.what;
  what.validating_ = about.stored && add_validators(what.fields_, *about.stored);
  const bool validating = what.validating_;
  const wall_time requested = about.client->wall_now();
  Answer got;
  std::exception_ptr failure;
  try {
    auto fetching = fetch<Answer>(about.client, std::move(what), *about.past);
    got = co_await std::move(fetching);
  } catch (const network_error&) {
    failure = std::current_exception();
  } catch (const timeout_error&) {
    failure = std::current_exception();
  }
  const wall_time received = about.client->wall_now();
  if ((failure || is_server_error(got.status())) && about.stored &&
      may_serve_on_error(*about.stored, about.control, received)) {
    co_return given<Answer>(served(about, *about.stored, received));
  }
  if (failure) std::rethrow_exception(failure);
  if (validating && got.status() == 304 && got.history().empty()) {
    auto fresh = std::make_shared<stored_response>(freshened(*about.stored, got.headers(), requested, received));
    response out = served(about, *fresh, received);
    out.timings_ = got.timings();
    if constexpr (std::is_same_v<Answer, response_stream>) {
      auto ending = got.read_some();  // at its end the connection is free for others
      co_await std::move(ending);
    }
    auto putting = about.client->options.cache->put(std::move(fresh));
    co_await std::move(putting);
    co_return given<Answer>(std::move(out));
  }
  // What came by way of redirects is the answer to another request than this one.
  if (got.history().empty() && may_store(about.what.method_, about.control, got.status(), got.headers())) {
    co_await keep(about, got, requested, received);
  }
  co_return got;
}

std::shared_ptr<stored_response> cached_request::storable(const question& about, const response_head& got,
                                                          wall_time requested, wall_time received) {
  auto stored = std::make_shared<stored_response>();
  stored->key = about.key;
  stored->selecting = selecting_fields(about.fields, got.headers());
  stored->fields = storable_fields(got.headers());
  stored->reason = got.reason();
  stored->status = got.status();
  stored->version = got.version();
  stored->requested = requested;
  stored->received = received;
  return stored;
}

boost::asio::awaitable<void> cached_request::keep(const question& about, response& got, wall_time requested,
                                                  wall_time received) {
  std::shared_ptr<stored_response> stored = storable(about, got, requested, received);
  stored->body = got.body();
  return about.client->options.cache->put(std::move(stored));
}

/// Once it has been read to its end, and unless it is known to be too large.
boost::asio::awaitable<void> cached_request::keep(const question& about, response_stream& got, wall_time requested,
                                                  wall_time received) {
  const std::shared_ptr<response_cache>& cache = about.client->options.cache;
  const std::string_view length = got.header("Content-Length").value_or("");
  std::uint64_t bytes = 0;
  std::from_chars(length.data(), length.data() + length.size(), bytes);
  if (bytes <= cache->entry_bytes()) {
    got.cached_ = std::make_unique<cached_body>(cache, storable(about, got, requested, received));
  }
  co_return;
}

/// The validation behind an answer that has gone out. It is bounded as every request is, and its failure changes
/// nothing: the next request asks again.
detail::root_awaitable cached_request::refresh(question about) {
  struct turn {
    response_cache& cache;
    std::string key;
    ~turn() { cache.end_refresh(key); }
  };
  const auto cache = about.client->options.cache;
  const turn mine{*cache, about.key};
  try {
    auto answering = answer<response>(std::move(about));
    co_await std::move(answering);
  } catch (const std::exception&) {
  }
}

response cached_request::served(const question& about, const stored_response& from, wall_time now) {
  response out;
  out.status_ = from.status;
  out.version_ = from.version;
  out.reason_ = from.reason;
  out.method_ = about.what.method_;
  out.headers_ = from.fields;
  out.headers_.set("Age", std::to_string(current_age(from, now).count()));
  out.url_ = about.what.url_;
  out.body_ = from.body;
  out.from_cache_ = true;
  return out;
}

template <class Answer>
Answer cached_request::given(response from) {
  if constexpr (std::is_same_v<Answer, response>) {
    return from;
  } else {
    Answer out;
    out.cached_ = std::make_unique<cached_body>(std::move(from.body_));
    static_cast<response_head&>(out) = std::move(from);
    return out;
  }
}

/// Makes of a whole response the part that the request's Range names. False when there is no such part.
bool cached_request::narrow(response& out, const request& what) {
  const auto range = parse_byte_range(what.fields_.get("Range").value_or(""), out.body_.size());
  // A part of what was decoded is no part of what the server has.
  if (!range || out.status_ != 200 || out.headers_.has("Content-Encoding")) return false;
  const std::string whole = std::to_string(out.body_.size());
  out.body_ = out.body_.substr(static_cast<std::size_t>(range->begin), static_cast<std::size_t>(range->size));
  out.status_ = 206;
  out.reason_ = "Partial Content";
  out.headers_.set("Content-Length", std::to_string(range->size));
  out.headers_.set("Content-Range", "bytes " + std::to_string(range->begin) + "-" +
                                        std::to_string(range->begin + range->size - 1) + "/" + whole);
  return true;
}

boost::asio::awaitable<void> cached_request::invalidate(client_pointer client, std::string method, url target,
                                                        const response_head& answer) {
  if (!invalidates(method, answer.status())) co_return;
  std::vector<url> gone{target};
  for (const char* const name : {"Location", "Content-Location"}) {
    const auto field = answer.header(name);
    if (!field) continue;
    try {
      url other = answer.url().resolve(*field);
      if (other.origin() == target.origin()) gone.push_back(std::move(other));
    } catch (const invalid_url&) {
      continue;  // nothing is stored under what is no URL
    }
  }
  for (const url& one : gone) {
    for (const bool decoded : {true, false}) {
      auto removing = client->options.cache->remove(key_of(one, decoded, std::nullopt));
      co_await std::move(removing);
    }
  }
}

}  // namespace braid::http
