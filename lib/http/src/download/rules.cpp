#include "download/rules.hpp"

#include <charconv>
#include <chrono>

#include <braid/core/error.hpp>
#include <braid/http/date.hpp>

namespace braid::http {

namespace {

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Of a response that is a part: the part that is missing, of the same thing.
void check_part(download_state& now, const headers& fields, const std::string& what) {
  const auto fail = [&](const std::string& why) { throw protocol_error(what + ": " + why); };
  const std::string said(fields.get("Content-Range").value_or(""));
  const auto part = parse_content_range(said);
  if (!part || !part->first) fail("206 with the Content-Range \"" + said + "\"");
  if (*part->first != now.received) {
    fail("asked for the bytes from " + std::to_string(now.received) + " on, got \"" + said + "\"");
  }
  if (now.total && part->total && *now.total != *part->total) {
    fail("the size was " + std::to_string(*now.total) + " and is \"" + said + "\"");
  }
  const auto tag = fields.get("ETag");
  if (tag && now.validator.starts_with('"') && *tag != now.validator)
    fail("a part of something else: its ETag changed");
  const auto length = fields.get("Content-Length");
  if (length && number_of(*length) != part->last - *part->first + 1) {
    fail("the part \"" + said + "\" has a length of " + std::string(*length));
  }
  if (part->total) now.total = part->total;
}

}  // namespace

std::optional<content_range> parse_content_range(std::string_view field) {
  constexpr std::string_view unit = "bytes ";
  if (!equal_ignoring_case(field.substr(0, unit.size()), unit)) return std::nullopt;
  field.remove_prefix(unit.size());
  const std::size_t slash = field.find('/');
  if (slash == field.npos) return std::nullopt;
  const std::string_view range = field.substr(0, slash), size = field.substr(slash + 1);
  content_range out;
  if (size != "*") {
    out.total = number_of(size);
    if (!out.total) return std::nullopt;
  }
  if (range == "*") return out.total ? std::optional(out) : std::nullopt;
  const std::size_t dash = range.find('-');
  if (dash == range.npos) return std::nullopt;
  out.first = number_of(range.substr(0, dash));
  const auto last = number_of(range.substr(dash + 1));
  if (!out.first || !last || *last < *out.first || (out.total && *last >= *out.total)) return std::nullopt;
  out.last = *last;
  return out;
}

std::string strong_validator(const headers& response) {
  const auto tag = response.get("ETag");
  if (tag) return tag->size() >= 2 && tag->starts_with('"') && tag->ends_with('"') ? std::string(*tag) : std::string();
  const auto modified = response.get("Last-Modified"), date = response.get("Date");
  if (!modified || !date) return {};
  const auto then = parse_date(*modified), sent = parse_date(*date);
  if (!then || !sent || *sent - *then < std::chrono::seconds(1)) return {};
  return std::string(*modified);
}

download_step judge_download(download_state& now, bool whole_asked, int status, const headers& fields,
                             const std::string& what) {
  if (status == 200) {
    now.received = 0;
    const auto length = fields.get("Content-Length");
    now.total = length ? number_of(*length) : std::nullopt;
    now.validator = strong_validator(fields);
    return download_step::replace;
  }
  if (status == 206) {
    if (whole_asked) throw protocol_error(what + ": a part came, and the whole was asked for");
    check_part(now, fields, what);
    return download_step::append;
  }
  if (status == 416 && !whole_asked) {
    const auto range = parse_content_range(fields.get("Content-Range").value_or(""));
    const bool complete = range && range->total == now.received && (!now.total || *now.total == now.received);
    return complete ? download_step::done : download_step::restart;
  }
  return download_step::fail;
}

}  // namespace braid::http
