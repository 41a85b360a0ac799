#include "record.hpp"

#include <array>
#include <braid/core/error.hpp>
#include <braid/http/retry.hpp>
#include <cstdio>
#include <ctime>
#include <utility>

namespace braid::fetch {
namespace {

/// The names people who read records know; the rest keep those of the error tree.
std::string code_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const gather_error& e) {
    return code_of(e.cause());
  } catch (const robots_refusal&) {
    return "robots_disallowed";
  } catch (const status_error& e) {
    return e.status() == 429 ? "rate_limited" : std::string(to_string(e.code()));
  } catch (const invalid_argument&) {
    return "bad_request";
  } catch (const error& e) {
    return std::string(to_string(e.code()));
  } catch (...) {
    return "parse_failed";
  }
}

int status_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const gather_error& e) {
    return status_of(e.cause());
  } catch (const status_error& e) {
    return e.status();
  } catch (...) {
    return 0;
  }
}

std::exception_ptr root_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const gather_error& e) {
    return e.cause();
  } catch (...) {
    return failure;
  }
}

}  // namespace

gather_error::gather_error(request_facts facts, std::exception_ptr cause)
    : std::runtime_error(describe(cause)), facts_(std::move(facts)), cause_(std::move(cause)) {}

outcome outcome_of(std::string_view page_kind) {
  if (page_kind == "results" || page_kind == "no_results") return outcome::success;
  if (page_kind == "blocked" || page_kind == "soft_blocked" || page_kind == "js_required" || page_kind == "consent") {
    return outcome::blocked;
  }
  return outcome::failed;
}

nlohmann::ordered_json make_error(std::string_view code, std::string_view message, bool retryable,
                                  std::string_view evidence) {
  nlohmann::ordered_json error;
  error["code"] = code;
  error["message"] = message;
  error["retryable"] = retryable;
  if (!evidence.empty()) error["evidence"] = evidence;
  return error;
}

nlohmann::ordered_json error_of(const std::exception_ptr& failure) {
  const auto cause = root_of(failure);
  const int status = status_of(cause);
  const bool retryable = http::is_retryable(cause) || http::is_retryable_status(status);
  return make_error(code_of(cause), describe(cause), retryable, status == 0 ? "" : "HTTP " + std::to_string(status));
}

nlohmann::ordered_json make_metadata(const job& what, const request_facts& facts, std::string_view page_kind,
                                     bool success) {
  nlohmann::ordered_json metadata;
  metadata["id"] = what.id;
  metadata["status"] = success ? "Success" : "Error";
  metadata["page_kind"] = page_kind.empty() ? std::string_view("unknown") : page_kind;
  metadata["created_at"] = iso_time(facts.created_at);
  // Filled in by complete(); here for their place in the record.
  metadata["processed_at"] = nullptr;
  metadata["total_time_taken"] = nullptr;
  metadata["stage_times"] = nullptr;
  metadata["engine_url"] = facts.engine_url;
  if (!facts.final_url.empty()) metadata["final_url"] = facts.final_url;
  if (facts.http_status != 0) metadata["http_status"] = facts.http_status;
  metadata["attempts"] = facts.attempts;
  if (!what.failed_before.empty()) metadata["failed_before"] = what.failed_before;
  if (!facts.proxy_name.empty()) metadata["proxy"] = facts.proxy_name;
  metadata["context"] = facts.context;
  if (facts.from_cache) metadata["from_cache"] = true;
  if (!facts.raw_html_file.empty()) metadata["raw_html_file"] = facts.raw_html_file;
  return metadata;
}

std::string iso_time(std::chrono::system_clock::time_point when) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
  const std::time_t seconds = static_cast<std::time_t>(milliseconds / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(milliseconds % 1000));
  return text.data();
}

}  // namespace braid::fetch
