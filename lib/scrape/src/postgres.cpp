#include "postgres.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <braid/core/error.hpp>
#include <braid/scrape/table_sink.hpp>
#include <cerrno>
#include <memory>
#include <utility>

namespace braid::scrape {
namespace postgres {
namespace {

constexpr const char* statement_name = "each";

using result_ptr = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// libpq ends its messages with line ends, and breaks some into several lines.
std::string one_line(const char* message) {
  std::string text = message == nullptr ? "" : message;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (auto& c : text) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  return text;
}

std::string_view advice_of(std::string_view state) {
  if (state == "53100") return ": the server's disk is full; what was committed before is safe";
  if (state == "42501") return ": give the user the right to create or change the table";
  if (state == "42703") return ": the table is there and has other columns";
  if (state == "42P10") return ": the table is there and has no such key";
  if (state == "55P03" || state == "57014") return ": another transaction holds the table";
  if (state.starts_with("57P")) return ": the server ended the connection";
  return {};
}

bool is_good(ExecStatusType status) {
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC;
}

/// Never empty.
std::string failure_of(const PGresult* result) {
  const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const char* const detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
  auto text = one_line(message != nullptr ? message : PQresultErrorMessage(result));
  if (detail != nullptr) text += ": " + one_line(detail);
  if (text.empty()) text = PQresStatus(PQresultStatus(result));
  return text + std::string(advice_of(state == nullptr ? "" : state));
}

/// {"a","b"}
std::string array_of(std::span<const std::string> texts) {
  std::string out = "{";
  for (const auto& text : texts) {
    if (out.size() > 1) out += ',';
    out += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + '}';
}

}  // namespace

connection::connection(const std::string& address) : name_(postgres_name(address)) {
  // What stands before the address is a default, what stands after it holds. A server that vanishes without a word is
  // noticed within the patience.
  constexpr std::array<const char*, 8> keys = {
      "connect_timeout", "tcp_user_timeout", "keepalives_idle", "fallback_application_name",
      "dbname",          "client_encoding",  nullptr,           nullptr};
  const std::array<const char*, 8> values = {"10", "60000", "30", "braid", address.c_str(), "UTF8", nullptr, nullptr};
  handle_ = PQconnectdbParams(keys.data(), values.data(), 1);
  if (handle_ == nullptr) throw std::bad_alloc();
  if (PQstatus(handle_) != CONNECTION_OK) {
    const auto why = one_line(PQerrorMessage(handle_));
    PQfinish(std::exchange(handle_, nullptr));
    throw io_error("connect to " + name_ + ": " + why);
  }
  PQsetNoticeProcessor(
      handle_, [](void*, const char*) {}, nullptr);
  PQsetnonblocking(handle_, 1);
  try {
    run("SELECT set_config('lock_timeout', '30s', false) WHERE current_setting('lock_timeout') = '0'");
  } catch (...) {
    PQfinish(std::exchange(handle_, nullptr));
    throw;
  }
}

connection::~connection() { PQfinish(handle_); }

void connection::run(const std::string& sql) {
  require_sent(PQsendQuery(handle_, sql.c_str()));
  finish_batch();
}

void connection::prepare(const std::string& sql) {
  require_sent(PQsendPrepare(handle_, statement_name, sql.c_str(), 0, nullptr));
  finish_batch();
}

void connection::run_each(std::span<const std::string> texts) {
  if (texts.empty()) return;
  // Up to its sync point a pipeline is one transaction.
  require_sent(PQenterPipelineMode(handle_));
  for (const auto& text : texts) {
    const char* const value = text.c_str();
    require_sent(PQsendQueryPrepared(handle_, statement_name, 1, &value, nullptr, nullptr, 0));
  }
  require_sent(PQpipelineSync(handle_));
  finish_batch();
}

std::vector<std::vector<std::string>> connection::rows(const std::string& sql, std::span<const std::string> texts) {
  const auto list = array_of(texts);
  const char* const value = list.c_str();
  require_sent(PQsendQueryParams(handle_, sql.c_str(), 1, nullptr, &value, nullptr, nullptr, 0));
  std::vector<std::vector<std::string>> all;
  finish_batch([&all](const PGresult* result) {
    const int columns = PQnfields(result);
    for (int row = 0; row < PQntuples(result); ++row) {
      auto& cells = all.emplace_back();
      for (int i = 0; i < columns; ++i) {
        cells.emplace_back(PQgetvalue(result, row, i), static_cast<std::size_t>(PQgetlength(result, row, i)));
      }
    }
  });
  return all;
}

/// Takes all results; throws for the first that is a failure, when the connection can be used again.
void connection::finish_batch(const std::function<void(const PGresult*)>& each) {
  const auto until = std::chrono::steady_clock::now() + patience;
  const bool pipeline = PQpipelineStatus(handle_) != PQ_PIPELINE_OFF;
  std::string failure;
  bool over = false;
  while (!over) {
    const result_ptr result(next_result(until), &PQclear);
    // In a pipeline a null stands after the results of each query; else it is the end.
    if (result == nullptr) {
      over = !pipeline;
      if (PQstatus(handle_) != CONNECTION_OK) lost(failure.empty() ? one_line(PQerrorMessage(handle_)) : failure);
      continue;
    }
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_PIPELINE_SYNC) over = true;
    if (status == PGRES_TUPLES_OK && each) each(result.get());
    if (!is_good(status) && failure.empty()) failure = failure_of(result.get());
  }
  if (pipeline) PQexitPipelineMode(handle_);
  if (!failure.empty()) throw io_error(name_ + ": " + failure);
}

/// Sends what is left to send meanwhile: neither side waits for the other with both buffers full.
PGresult* connection::next_result(moment until) {
  while (true) {
    const int unsent = PQflush(handle_);
    if (unsent < 0) lost(one_line(PQerrorMessage(handle_)));
    if (unsent == 0 && PQisBusy(handle_) == 0) return PQgetResult(handle_);
    wait_for(static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), until);
    if (PQconsumeInput(handle_) == 0) lost(one_line(PQerrorMessage(handle_)));
  }
}

void connection::wait_for(short events, moment until) {
  pollfd socket{PQsocket(handle_), events, 0};
  int ready = 0;
  do {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) lost("no answer within " + std::to_string(patience.count()) + " s");
    ready = ::poll(&socket, 1, static_cast<int>(left.count()));
  } while (ready == 0 || (ready < 0 && errno == EINTR));
  if (ready < 0) lost("cannot wait for the socket");
}

void connection::require_sent(int sent) {
  if (sent == 0) lost(one_line(PQerrorMessage(handle_)));
}

void connection::lost(const std::string& why) {
  throw io_error(name_ + ": " + why + "; what was committed before is safe");
}

}  // namespace postgres

bool is_postgres(const std::string& address) {
  return address.starts_with("postgresql://") || address.starts_with("postgres://");
}

std::string postgres_name(const std::string& address) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconninfoParse(address.c_str(), nullptr),
                                                                         &PQconninfoFree);
  // libpq's own words may quote the password.
  if (!is_postgres(address) || all == nullptr) {
    throw invalid_argument("no address of a PostgreSQL database: expected postgresql://[USER@]HOST[:PORT]/DATABASE");
  }
  std::string host, port, base;
  for (const auto* option = all.get(); option->keyword != nullptr; ++option) {
    const std::string_view key = option->keyword;
    const std::string value = option->val == nullptr ? "" : option->val;
    if (key == "host") host = value;
    if (key == "port" && !value.empty()) port = ':' + value;
    if (key == "dbname") base = value;
  }
  return "postgresql://" + host + port + '/' + base;
}

}  // namespace braid::scrape
