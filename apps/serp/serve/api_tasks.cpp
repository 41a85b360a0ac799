// New tasks: /v1/scrape, /v1/task, /v1/task/batch.
#include <braid/runtime/offload.hpp>

#include "api.hpp"
#include "request_body.hpp"
#include "task_json.hpp"

namespace braid::serve {
namespace {

constexpr std::size_t largest_request = 64 * 1024;

fault not_now(std::string code, std::string message) {
  fault out(503, std::move(code), std::move(message));
  out.retry_after = 10;
  return out;
}

fault draining() { return not_now("draining", "the server is ending; try again later"); }

fault queue_full() { return not_now("queue_full", "too many tasks are waiting; try again later"); }

std::string accepted_json(const scrape::task_store_shared::added& what) {
  return R"({"id":")" + what.id + R"(","status":")" + (what.answered ? "done" : "waiting") + R"("})";
}

}  // namespace

std::optional<fault> api_shared::check(const task_request& what) const {
  if (!what.callback.empty() && !options_.callbacks) {
    return fault(400, "no_callbacks", "this server sends no callbacks: it has no secret to sign them with",
                 "callback_url");
  }
  if (what.as == output::html && !options_.pages) {
    return fault(400, "no_pages", "this server's workers keep records, not pages", "output");
  }
  return std::nullopt;
}

awaitable<std::variant<submission, fault>> api_shared::read_submission(call& from) {
  const std::string body = co_await from.request.body();
  if (body.size() > largest_request) co_return fault(413, "too_large", "a task is at most 64 KiB");
  auto parameters = read_parameters(body, from.request.header("Content-Type").value_or(""));
  if (auto* wrong = std::get_if<fault>(&parameters)) co_return std::move(*wrong);
  auto request = read_request(std::get<nlohmann::json>(parameters), engines_);
  if (auto* wrong = std::get_if<fault>(&request)) co_return std::move(*wrong);
  submission out;
  out.request = std::move(std::get<task_request>(request));
  out.owner = from.owner;
  out.idempotency = from.request.header("Idempotency-Key").value_or("");
  if (out.idempotency.size() > 200) co_return fault(400, "bad_header", "Idempotency-Key: at most 200 bytes");
  if (auto wrong = check(out.request)) co_return std::move(*wrong);
  co_return out;
}

std::variant<scrape::task_store_shared::added, fault> api_shared::submit_one(const call& from, const submission& what,
                                                                             bool urgent) {
  if (draining_.load(std::memory_order_relaxed)) return draining();
  if (auto refused = charge(from, {&what, 1})) return std::move(*refused);
  auto outcome = work_.submit({&what, 1}, urgent);
  if (outcome.empty()) return queue_full();
  if (outcome[0].differs) {
    return fault(422, "idempotency_mismatch", "this Idempotency-Key belongs to another request", "Idempotency-Key");
  }
  return std::move(outcome[0]);
}

/// Who asks again for tasks that are there, because an answer was lost, has paid for them.
std::optional<fault> api_shared::charge(const call& from, std::span<const submission> tasks) {
  std::vector<std::string> keys;
  for (const auto& one : tasks) {
    if (!one.idempotency.empty()) keys.push_back(one.idempotency);
  }
  return access_.take(from.owner, tasks.size() - store_.known(from.owner, keys));
}

http::reply api_shared::accepted(const call& from, const scrape::task_store_shared::added& what) const {
  const auto row = store_.find(what.id, from.owner);
  if (!row) return answer(fault(404, "not_found", "the task was removed"));
  auto out = http::reply::json(task_json(*row, work_.is_running(row->number)));
  out.status(202).header("Location", "/v1/task/" + what.id).header("Cache-Control", "no-store");
  return out;
}

/// A task of an earlier request may be in the store alone, where nobody can wait for it.
bool api_shared::is_waiting(const call& from, const scrape::task_store_shared::added& what) const {
  const auto row = store_.find(what.id, from.owner);
  return row && row->state == scrape::task_state::waiting;
}

awaitable<http::reply> api_shared::scrape(call& from) {
  auto read = co_await read_submission(from);
  if (auto* wrong = std::get_if<fault>(&read)) co_return answer(*wrong);
  const auto& what = std::get<submission>(read);
  auto submitted = submit_one(from, what, !what.request.async);
  if (auto* wrong = std::get_if<fault>(&submitted)) co_return answer(*wrong);
  const auto& task = std::get<scrape::task_store_shared::added>(submitted);
  if (what.request.async) co_return accepted(from, task);
  const bool over = co_await work_.wait(task.number, options_.wait);
  if (!over || (!task.is_new && is_waiting(from, task))) co_return accepted(from, task);
  co_return result_reply(task.number, task.id, what.request.as);
}

awaitable<http::reply> api_shared::create(call& from) {
  auto read = co_await read_submission(from);
  if (auto* wrong = std::get_if<fault>(&read)) co_return answer(*wrong);
  auto submitted = submit_one(from, std::get<submission>(read), false);
  if (auto* wrong = std::get_if<fault>(&submitted)) co_return answer(*wrong);
  co_return accepted(from, std::get<scrape::task_store_shared::added>(submitted));
}

awaitable<http::reply> api_shared::create_batch(call& from) {
  const std::string body = co_await from.request.body();
  const auto parsed = read_batch(body, largest_batch);
  if (const auto* wrong = std::get_if<fault>(&parsed)) co_return answer(*wrong);
  const auto& list = std::get<nlohmann::json>(parsed);
  const std::string key(from.request.header("Idempotency-Key").value_or(""));
  if (key.size() > 200) co_return answer(fault(400, "bad_header", "Idempotency-Key: at most 200 bytes"));
  std::vector<submission> good;
  std::vector<std::string> answers(list.size());  // empty: one of the good, in their order
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto read = read_request(list[i], engines_);
    auto* request = std::get_if<task_request>(&read);
    auto wrong = request != nullptr ? check(*request) : std::get<fault>(read);
    if (wrong) {
      answers[i] = to_json(*wrong);
      continue;
    }
    auto& one = good.emplace_back();
    one.request = std::move(*request);
    one.owner = from.owner;
    if (!key.empty()) one.idempotency = key + '#' + std::to_string(i);
  }
  const auto count = good.size();
  if (draining_.load(std::memory_order_relaxed)) co_return answer(draining());
  if (auto refused = charge(from, good)) co_return answer(*refused);
  auto work = [this, tasks = std::move(good)] { return work_.submit(tasks, false); };
  auto pending = offload(std::move(work));
  const auto added = co_await std::move(pending);
  if (added.size() != count) co_return answer(queue_full());
  std::size_t next = 0, accepted = 0;
  std::string tasks;
  for (auto& one : answers) {
    if (one.empty()) {
      const auto& outcome = added[next++];
      accepted += outcome.differs ? 0 : 1;
      one = outcome.differs ? to_json(fault(422, "idempotency_mismatch",
                                            "this Idempotency-Key belongs to another batch", "Idempotency-Key"))
                            : accepted_json(outcome);
    }
    tasks += (tasks.empty() ? "" : ",") + one;
  }
  auto out = http::reply::json(R"({"accepted":)" + std::to_string(accepted) + R"(,"refused":)" +
                               std::to_string(answers.size() - accepted) + R"(,"tasks":[)" + tasks + "]}");
  out.status(accepted > 0 ? 202 : 400).header("Cache-Control", "no-store");
  co_return out;
}

}  // namespace braid::serve
