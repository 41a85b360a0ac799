#include "filter.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <ctime>

#include <braid/core/base64.hpp>
#include <braid/core/percent.hpp>
#include <braid/core/utf8.hpp>
#include <braid/html/document.hpp>

namespace braid::serp {
namespace {

std::string trimmed(std::string text) {
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; };
  std::size_t end = text.size(), begin = 0;
  while (end > 0 && space(text[end - 1])) --end;
  while (begin < end && space(text[begin])) ++begin;
  return text.substr(begin, end - begin);
}

std::optional<std::string> parameter(const std::string& link, const std::vector<std::string>& names) {
  const auto question = link.find('?');
  if (question == std::string::npos) return std::nullopt;
  const auto query = std::string_view(link).substr(question + 1);
  const auto pairs = form_decode(query.substr(0, query.find('#')));
  for (const auto& name : names)
    for (const auto& [key, value] : pairs)
      if (key == name && !value.empty()) return value;
  return std::nullopt;
}

/// The target of a redirect link; the link itself when it is none or hides its target.
std::string target_of(const filter& step, std::string link) {
  if (!step.expression.found_in(link)) return link;
  auto target = step.part ? step.part.extract(link) : parameter(link, step.parameters);
  if (!target) return link;
  if (step.part) target = percent_decode(*target);
  if (!step.strip.empty() && target->starts_with(step.strip)) target->erase(0, step.strip.size());
  if (step.base64) target = base64_decode(*target);
  if (!target || target->find(':') == std::string::npos) return link;
  return *target;
}

std::optional<std::string> absolute(const std::string& link, const url& page) {
  const auto text = trimmed(link);
  if (text.empty() || text.front() == '#') return std::nullopt;
  // What is absolute stays as the page wrote it: people compare links.
  if (text.starts_with("http://") || text.starts_with("https://")) return text;
  try {
    auto whole = page.resolve(text);
    if (whole.scheme() != "http" && whole.scheme() != "https") return std::nullopt;
    return std::string(whole.str());
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

/// Seconds since 1970 as 2024-01-05T12:34:56Z.
std::optional<std::string> date_of(const std::string& value) {
  std::int64_t seconds = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), seconds);
  // The last second of the year 9999: what lies beyond has no such form.
  if (read.ec != std::errc() || seconds < 0 || seconds > 253'402'300'799) return std::nullopt;
  const auto at = static_cast<std::time_t>(seconds);
  std::tm parts{};
  char text[32];
  if (::gmtime_r(&at, &parts) == nullptr || std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    return std::nullopt;
  return std::string(text);
}

}  // namespace

std::optional<long long> number_in(std::string_view text) {
  // Digits with the separators that countries put between groups of three.
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto begin = std::find_if(text.begin(), text.end(), digit);
  if (begin == text.end()) return std::nullopt;
  auto rest = text.substr(static_cast<std::size_t>(begin - text.begin()));
  long long value = 0;
  while (!rest.empty()) {
    std::size_t gap = 0;
    if (!digit(rest[0])) {
      if (rest.starts_with("\xC2\xA0"))
        gap = 2;
      else if (rest.starts_with("\xE2\x80\xAF"))
        gap = 3;
      else if (rest[0] == ',' || rest[0] == '.' || rest[0] == ' ' || rest[0] == '\'')
        gap = 1;
      else
        break;
      const auto group = rest.substr(gap, 4);
      const bool three = group.size() >= 3 && digit(group[0]) && digit(group[1]) && digit(group[2]);
      if (!three || (group.size() == 4 && digit(group[3]))) break;
      rest.remove_prefix(gap);
    }
    if (value > 100'000'000'000'000'000) return std::nullopt;
    value = value * 10 + (rest[0] - '0');
    rest.remove_prefix(1);
  }
  return value;
}

std::optional<std::string> apply(const filter& step, std::string value, const url& page) {
  switch (step.kind) {
    case filter_kind::regex:
      return step.expression.extract(value);
    case filter_kind::replace:
      return trimmed(step.expression.replace(value, step.with));
    case filter_kind::keep:
      if (!step.expression.found_in(value)) return std::nullopt;
      return value;
    case filter_kind::drop:
      if (step.expression.found_in(value)) return std::nullopt;
      return value;
    case filter_kind::query:
      return parameter(value, step.parameters);
    case filter_kind::redirect:
      return target_of(step, std::move(value));
    case filter_kind::absolute:
      return absolute(value, page);
    case filter_kind::number: {
      const auto found = number_in(value);
      if (!found) return std::nullopt;
      return std::to_string(*found);
    }
    case filter_kind::date: {
      // Pages put a dash or dot between a date and the snippet.
      static const pattern ends("^[\\s·•—–-]+|[\\s·•—–:-]+$");
      return trimmed(ends.replace(value, ""));
    }
    case filter_kind::lower:
      std::transform(value.begin(), value.end(), value.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
      return value;
    case filter_kind::base64:
      return base64_decode(value);
    case filter_kind::percent:
      return percent_decode(value);
    case filter_kind::before:
      return step.with + value;
    case filter_kind::encode:
      return percent_encode(value);
    case filter_kind::markup:
      // Such a fragment is a few words: a page's bounds are far away.
      return html::document::parse(value, "utf-8").root().text();
    case filter_kind::epoch:
      return date_of(value);
  }
  return value;
}

std::optional<std::string> apply(const std::vector<filter>& steps, std::string value, const url& page) {
  std::optional<std::string> current = trimmed(std::move(value));
  for (const auto& step : steps) {
    current = apply(step, std::move(*current), page);
    if (!current) return std::nullopt;
  }
  if (current->empty()) return std::nullopt;
  // Expressions see bytes, and base64 may hide any: what goes into a record is text.
  return repaired_utf8(std::move(*current));
}

}  // namespace braid::serp
