#include <array>

#include <braid/core/percent.hpp>
#include <braid/origin/route.hpp>
#include "number.hpp"

namespace braid::origin {

namespace {

std::optional<engine> engine_of_host(std::string_view host) {
  for (std::size_t i = 0; i < engine_names.size(); ++i) {
    for (std::size_t at = host.find(engine_names[i]); at != host.npos; at = host.find(engine_names[i], at + 1)) {
      const std::size_t end = at + engine_names[i].size();
      if ((at == 0 || host[at - 1] == '.') && end < host.size() && host[end] == '.') return static_cast<engine>(i);
    }
  }
  return std::nullopt;
}

const std::string* find(const query_pairs& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs) {
    if (key == name) return &value;
  }
  return nullptr;
}

unsigned page_of(engine which, const query_pairs& pairs) {
  constexpr std::array<std::string_view, 6> names = {"start", "first", "s", "offset", "p", "b"};
  const std::string* text = find(pairs, names[static_cast<std::size_t>(which)]);
  const auto value = text ? parse_number<unsigned>(*text) : std::nullopt;
  if (!value) return 0;
  const bool counts_pages = which == engine::brave || which == engine::ecosia;
  return counts_pages ? *value : *value / 10;
}

struct fixed_path {
  std::string_view path;
  route::kind what;
};
constexpr fixed_path fixed_paths[] = {{"/headers", route::kind::echo},      {"/stats", route::kind::stats},
                                      {"/robots.txt", route::kind::robots}, {"/gzip", route::kind::gzip},
                                      {"/upload", route::kind::upload},     {"/", route::kind::home}};
constexpr fixed_path numbered_paths[] = {{"/bytes/", route::kind::bytes},   {"/status/", route::kind::status},
                                         {"/delay/", route::kind::delay},   {"/redirect/", route::kind::redirect},
                                         {"/stream/", route::kind::stream}, {"/gzip/", route::kind::gzip}};

bool find_plain(route& out, std::string_view path) {
  for (const fixed_path& entry : fixed_paths) {
    if (path == entry.path) {
      out.what = entry.what;
      return true;
    }
  }
  for (const fixed_path& entry : numbered_paths) {
    if (!path.starts_with(entry.path)) continue;
    const auto number = parse_number<std::uint64_t>(path.substr(entry.path.size()));
    if (!number) return false;
    out.what = entry.what;
    out.number = *number;
    return true;
  }
  return false;
}

bool is_search_path(engine which, std::string_view path) {
  if (path == "/search") return which != engine::duckduckgo;
  return which == engine::duckduckgo && (path == "/html/" || path == "/html" || path == "/" || path == "/lite/");
}

}  // namespace

route find_route(std::string_view target, std::string_view host, engine fallback) {
  route out;
  const std::size_t mark = target.find('?');
  std::string_view path = target.substr(0, mark);
  const std::string_view query = mark == target.npos ? std::string_view{} : target.substr(mark + 1);

  std::optional<engine> named;
  if (path.size() > 1) {
    const std::string_view first = path.substr(1, path.find('/', 1) - 1);
    named = engine_from(first);
    if (named) path.remove_prefix(first.size() + 1);
    if (named && path.empty()) path = "/";
  }
  if (!named) named = engine_of_host(host);
  const bool is_plain = find_plain(out, path);
  if (is_plain && (out.what != route::kind::home || query.empty())) {
    if (named) out.which = *named;
    return out;
  }

  const query_pairs pairs = form_decode(query);
  const std::string* q = find(pairs, "q");
  const std::string* p = find(pairs, "p");
  if (!named) {
    if (path.starts_with("/html") || path.starts_with("/lite/")) {
      named = engine::duckduckgo;
    } else if (p && !q) {
      named = engine::yahoo;
    }
  }
  out.which = named.value_or(fallback);
  if (!is_search_path(out.which, path)) return out;
  const std::string* text = out.which == engine::yahoo ? p : q;
  if (!text) {
    out.what = route::kind::home;
    return out;
  }
  out.what = route::kind::search;
  out.query = *text;
  out.page = page_of(out.which, pairs);
  return out;
}

}  // namespace braid::origin
