#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include <braid/core/base64.hpp>
#include <braid/core/percent.hpp>
#include <braid/core/utf8.hpp>

#include "har/entry.hpp"

namespace braid::http {
namespace {

using json = nlohmann::ordered_json;

/// "2026-01-31T12:00:00.125Z"
std::string timestamp(std::chrono::system_clock::time_point when) {
  using namespace std::chrono;
  const auto midnight = floor<days>(when);
  const year_month_day date(midnight);
  const hh_mm_ss time(floor<milliseconds>(when - midnight));
  std::array<char, 64> text;
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                    static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return std::string(text.data(), static_cast<std::size_t>(size));
}

double milliseconds_of(duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

bool is_text(std::string_view bytes) { return valid_utf8(bytes) == bytes.size(); }

json name_and_value(std::string_view name, std::string_view value) {
  return {{"name", repaired_utf8(std::string(name))}, {"value", repaired_utf8(std::string(value))}};
}

json fields_of(const headers& fields) {
  json out = json::array();
  for (const headers::field& one : fields) out.push_back(name_and_value(one.name, one.value));
  return out;
}

json query_of(const std::string& address) {
  json out = json::array();
  const auto question = address.find('?');
  if (question == std::string::npos) return out;
  const auto text = address.substr(question + 1, address.find('#', question) - question - 1);
  for (const auto& [name, value] : form_decode(text)) out.push_back(name_and_value(name, value));
  return out;
}

const char* version_name(int version) { return version == 20 ? "HTTP/2" : version == 10 ? "HTTP/1.0" : "HTTP/1.1"; }

json request_of(const har_entry& entry) {
  json out = {{"method", entry.method},
              {"url", entry.url},
              {"httpVersion", version_name(entry.version)},
              {"cookies", json::array()},
              {"headers", fields_of(entry.asked)},
              {"queryString", query_of(entry.url)},
              {"headersSize", -1},
              {"bodySize", entry.sent.size()}};
  if (entry.has_sent) {
    json body = {{"mimeType", entry.asked.get("Content-Type").value_or("")}};
    if (is_text(entry.sent)) {
      body["text"] = entry.sent;
    } else {
      body["text"] = base64(entry.sent);
      body["_encoding"] = "base64";  // the format has no field for it
    }
    out["postData"] = std::move(body);
  }
  return out;
}

json response_of(const har_entry& entry) {
  json content = {{"size", entry.received.size()}, {"mimeType", entry.answered.get("Content-Type").value_or("")}};
  if (is_text(entry.received)) {
    content["text"] = entry.received;
  } else {
    content["text"] = base64(entry.received);
    content["encoding"] = "base64";
  }
  json out = {{"status", entry.status},
              {"statusText", repaired_utf8(entry.reason)},
              {"httpVersion", version_name(entry.version)},
              {"cookies", json::array()},
              {"headers", fields_of(entry.answered)},
              {"content", std::move(content)},
              {"redirectURL", repaired_utf8(std::string(entry.answered.get("Location").value_or("")))},
              {"headersSize", -1},
              {"bodySize", -1}};
  if (!entry.failure.empty()) out["_error"] = repaired_utf8(entry.failure);
  return out;
}

/// Every phase in milliseconds; -1 for what did not happen.
json timings_of(const request_timings& took) {
  const auto made = [](duration time) { return time == duration::zero() ? -1.0 : milliseconds_of(time); };
  const auto before = took.queue + took.resolve + took.connect + took.tls;
  const duration sent = std::max<duration>(took.sent, before);
  return {{"blocked", made(took.queue)},
          {"dns", made(took.resolve)},
          {"connect", took.connect + took.tls == duration::zero() ? -1.0 : milliseconds_of(took.connect + took.tls)},
          {"send", milliseconds_of(sent - before)},
          {"wait", milliseconds_of(std::max(took.first_byte - sent, duration::zero()))},
          {"receive", milliseconds_of(std::max(took.total - took.first_byte, duration::zero()))},
          {"ssl", made(took.tls)}};
}

}  // namespace

json to_har(const har_entry& entry) {
  return {{"startedDateTime", timestamp(entry.started)},
          {"time", milliseconds_of(entry.timings.total)},
          {"request", request_of(entry)},
          {"response", response_of(entry)},
          {"cache", json::object()},
          {"timings", timings_of(entry.timings)}};
}

}  // namespace braid::http
