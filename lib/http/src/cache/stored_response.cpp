#include <algorithm>
#include <array>
#include <charconv>

#include <braid/http/cache_rules.hpp>

#include "cache/field_list.hpp"

namespace braid::http {

namespace {

/// Fields of one connection or one hop (RFC 9111, 3.1).
constexpr std::array<std::string_view, 10> connection_fields{"Connection",
                                                             "Keep-Alive",
                                                             "Proxy-Authenticate",
                                                             "Proxy-Authentication-Info",
                                                             "Proxy-Authorization",
                                                             "Proxy-Connection",
                                                             "TE",
                                                             "Trailer",
                                                             "Transfer-Encoding",
                                                             "Upgrade"};

/// All values of a name as one, as a list is read.
std::string combined(const headers& fields, std::string_view name) {
  std::string out;
  for (const std::string_view value : fields.get_all(name)) {
    for (const std::string_view member : list_members(value)) out.append(out.empty() ? "" : ", ").append(member);
  }
  return out;
}

bool names(const std::vector<std::string_view>& list, std::string_view name) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view one) { return equal_ignoring_case(one, name); });
}

}  // namespace

std::size_t stored_response::bytes() const noexcept {
  std::size_t size = sizeof(*this) + 2 * key.size() + reason.size() + body.size();
  for (const headers* const all : {&selecting, &fields}) {
    for (const headers::field one : *all) size += one.name.size() + one.value.size() + 16;
  }
  return size;
}

headers storable_fields(const headers& from) {
  std::vector<std::string_view> named;
  for (const std::string_view field : from.get_all("Connection")) {
    const auto members = list_members(field);
    named.insert(named.end(), members.begin(), members.end());
  }
  headers out;
  for (const headers::field one : from) {
    const bool of_connection = std::any_of(connection_fields.begin(), connection_fields.end(),
                                           [&](std::string_view n) { return equal_ignoring_case(n, one.name); });
    if (!of_connection && !names(named, one.name)) out.add_checked(one.name, one.value);
  }
  return out;
}

headers selecting_fields(const headers& request, const headers& response) {
  headers out;
  // Not required of a cache of one user, but a client may speak for several.
  out.add_checked("Authorization", combined(request, "Authorization"));
  for (const std::string_view field : response.get_all("Vary")) {
    for (const std::string_view name : list_members(field)) {
      if (is_token(name) && !out.has(name)) out.add_checked(name, combined(request, name));
    }
  }
  return out;
}

bool is_selected(const stored_response& stored, const headers& request) {
  return std::all_of(stored.selecting.begin(), stored.selecting.end(),
                     [&](const headers::field one) { return combined(request, one.name) == one.value; });
}

bool same_selection(const headers& a, const headers& b) {
  return a.size() == b.size() &&
         std::all_of(a.begin(), a.end(), [&](const headers::field one) { return b.get(one.name) == one.value; });
}

bool add_validators(headers& request, const stored_response& stored) {
  const auto tag = stored.fields.get("ETag"), modified = stored.fields.get("Last-Modified");
  if (tag) request.set("If-None-Match", *tag);
  if (modified) request.set("If-Modified-Since", *modified);
  return tag || modified;
}

stored_response freshened(const stored_response& stored, const headers& not_modified, wall_time requested,
                          wall_time received) {
  stored_response out = stored;
  const headers fresh = storable_fields(not_modified);
  const auto stays = [](std::string_view name) {
    // They tell of the stored body, not of the 304.
    return equal_ignoring_case(name, "Content-Length") || equal_ignoring_case(name, "Content-Encoding") ||
           equal_ignoring_case(name, "Content-Range");
  };
  for (const headers::field one : fresh) {
    if (!stays(one.name)) out.fields.remove(one.name);
  }
  // Without an Age of its own the 304 comes straight from the origin.
  out.fields.remove("Age");
  for (const headers::field one : fresh) {
    if (!stays(one.name)) out.fields.add_checked(one.name, one.value);
  }
  out.requested = requested;
  out.received = received;
  return out;
}

std::optional<byte_range> parse_byte_range(std::string_view range, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!equal_ignoring_case(range.substr(0, unit.size()), unit)) return std::nullopt;
  range.remove_prefix(unit.size());
  const std::size_t dash = range.find('-');
  if (dash == range.npos || size == 0) return std::nullopt;
  const auto number = [](std::string_view text) -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
  };
  const std::string_view first = range.substr(0, dash), last = range.substr(dash + 1);
  byte_range out;
  if (first.empty()) {
    const auto count = number(last);
    if (!count || *count == 0) return std::nullopt;
    out.size = std::min(*count, size);
    out.begin = size - out.size;
    return out;
  }
  const auto begin = number(first);
  const auto end = last.empty() ? std::optional(size - 1) : number(last);
  if (!begin || !end || *begin >= size || *end < *begin) return std::nullopt;
  out.begin = *begin;
  out.size = std::min(*end, size - 1) - *begin + 1;
  return out;
}

}  // namespace braid::http
