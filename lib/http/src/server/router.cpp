#include <braid/http/router.hpp>

#include <algorithm>

#include <braid/core/error.hpp>
#include <braid/http/status.hpp>

namespace braid::http {

namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> out;
  path.remove_prefix(1);
  for (;;) {
    const auto slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == path.npos) return out;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

const std::string& path_values::operator[](std::string_view name) const {
  static const std::string none;
  const auto found = std::find_if(values_.begin(), values_.end(), [&](const auto& one) { return one.first == name; });
  return found == values_.end() ? none : found->second;
}

std::vector<router::segment> router::segments_of(std::string_view pattern) {
  const auto fail = [&](const char* why) { throw invalid_argument("route \"" + std::string(pattern) + "\": " + why); };
  if (!pattern.starts_with('/')) fail("a path begins with '/'");
  std::vector<segment> out;
  for (std::string_view piece : split(pattern)) {
    segment one;
    one.is_name = piece.size() > 2 && piece.front() == '{' && piece.back() == '}';
    if (one.is_name) piece = piece.substr(1, piece.size() - 2);
    if (piece.find_first_of("{}") != piece.npos) fail("a name in braces is a segment of its own");
    one.text = piece;
    const auto same = [&](const segment& other) { return other.is_name && other.text == one.text; };
    if (one.is_name && std::any_of(out.begin(), out.end(), same)) fail("a name stands there twice");
    out.push_back(std::move(one));
  }
  return out;
}

router& router::add(std::string_view method, std::string_view pattern, route_handler handler) {
  auto segments = segments_of(pattern);
  auto at = std::find_if(routes_.begin(), routes_.end(), [&](const route& one) { return one.segments == segments; });
  if (at == routes_.end()) {
    route fresh;
    fresh.pattern = pattern;
    fresh.segments = std::move(segments);
    at = routes_.insert(routes_.end(), std::move(fresh));
  } else if (at->pattern != pattern) {
    throw invalid_argument("routes \"" + at->pattern + "\" and \"" + std::string(pattern) + "\" are the same");
  }
  for (const auto& known : at->methods) {
    if (known.method == method) throw invalid_argument("route \"" + std::string(pattern) + "\" is there already");
  }
  method_handler one;
  one.method = method;
  one.handler = std::move(handler);
  at->methods.push_back(std::move(one));
  return *this;
}

router& router::otherwise(refusal how) {
  refusal_ = std::move(how);
  return *this;
}

/// Compared segment by segment from the left, a text is better than a name.
const router::route* router::best(const std::vector<std::string_view>& path) const {
  const auto fits = [&](const route& one) {
    if (one.segments.size() != path.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const segment& want = one.segments[i];
      if (want.is_name ? path[i].empty() : want.text != path[i]) return false;
    }
    return true;
  };
  const auto better = [](const route& a, const route& b) {
    for (std::size_t i = 0; i < a.segments.size(); ++i) {
      if (a.segments[i].is_name != b.segments[i].is_name) return b.segments[i].is_name;
    }
    return false;
  };
  const route* found = nullptr;
  for (const route& one : routes_) {
    if (fits(one) && (!found || better(one, *found))) found = &one;
  }
  return found;
}

std::string router::allowed(const route& which) {
  std::string out;
  const auto put = [&out](std::string_view method) { out += (out.empty() ? "" : ", ") + std::string(method); };
  bool get = false, head = false, options = false;
  for (const auto& one : which.methods) {
    put(one.method);
    get |= one.method == "GET";
    head |= one.method == "HEAD";
    options |= one.method == "OPTIONS";
  }
  if (get && !head) put("HEAD");
  if (!options) put("OPTIONS");
  return out;
}

router::match router::find(std::string_view method, std::string_view path) const {
  match out;
  if (!path.starts_with('/')) return out;  // "*" of OPTIONS
  const auto pieces = split(path);
  const route* which = best(pieces);
  if (!which) return out;
  out.pattern = which->pattern;
  const auto of = [&](std::string_view name) -> const route_handler* {
    for (const auto& one : which->methods) {
      if (one.method == name) return &one.handler;
    }
    return nullptr;
  };
  out.handler = of(method);
  if (!out.handler && method == "HEAD") out.handler = of("GET");
  if (!out.handler) {
    out.status = method == "OPTIONS" ? 204 : 405;
    out.allow = allowed(*which);
    return out;
  }
  out.status = 200;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (which->segments[i].is_name) out.values.add(which->segments[i].text, percent_decode(pieces[i]));
  }
  return out;
}

boost::asio::awaitable<reply> router::operator()(server_request& request) const {
  const match found = find(request.method(), request.path());
  if (found.handler) co_return co_await (*found.handler)(request, found.values);
  reply answer(found.status);
  if (found.status != 204) {
    if (refusal_) {
      answer = refusal_(request, found.status);
    } else {
      answer.body(std::string(status_text(found.status)) + "\n").header("Content-Type", "text/plain; charset=utf-8");
    }
  }
  if (!found.allow.empty()) answer.header("Allow", found.allow);
  co_return answer;
}

}  // namespace braid::http
