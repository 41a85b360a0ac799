#include <braid/core/error.hpp>
#include <braid/scrape/task_store.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "scratch_folder.hpp"

using namespace braid::scrape;

namespace {

new_task task(std::string id, std::string owner = "ann", std::string lane = "google") {
  new_task out;
  out.id = std::move(id);
  out.owner = std::move(owner);
  out.lane = std::move(lane);
  out.request = "{" + out.id + "}";
  out.same = "same as " + out.id;
  return out;
}

task_store_shared::added add(task_store_shared& to, const new_task& what, std::int64_t now = 1000,
                             std::int64_t fresh_since = 0) {
  return to.add({&what, 1}, now, fresh_since).at(0);
}

task_result result(std::int64_t number, std::string record, std::string error = {}) {
  task_result out;
  out.number = number;
  out.state = error.empty() ? task_state::done : task_state::failed;
  out.error = std::move(error);
  out.record = std::move(record);
  return out;
}

bool finish(task_store_shared& in, const task_result& what, std::int64_t now = 2000) {
  return in.finish({&what, 1}, now).at(0);
}

std::string ids(const std::vector<task_row>& rows) {
  std::string out;
  for (const auto& one : rows) out += one.id + ' ';
  return out;
}

std::vector<std::uint64_t> counts(const task_store_shared& of) {
  const auto all = of.counts();
  return {all.begin(), all.end()};
}

}  // namespace

TEST_CASE("a task waits, then has its record, and is there for its owner only") {
  task_store_shared store("");
  const auto number = add(store, task("a")).number;
  auto row = store.find("a", "ann");
  REQUIRE(row);
  CHECK(row->number == number);
  CHECK(row->state == task_state::waiting);
  CHECK(row->request == "{a}");
  CHECK(row->created == 1000);
  CHECK(row->ended == 0);
  CHECK_FALSE(store.find("a", "bob"));
  CHECK_FALSE(store.find("b", "ann"));
  CHECK_FALSE(store.result(number));

  CHECK(finish(store, result(number, "record")));
  row = store.find("a", "ann");
  CHECK(row->state == task_state::done);
  CHECK(row->ended == 2000);
  CHECK(store.result(number)->record == "record");
  CHECK((counts(store) == std::vector<std::uint64_t>{0, 1, 0}));
  // Who comes second changes nothing.
  CHECK_FALSE(finish(store, result(number, "another")));
  CHECK(store.result(number)->record == "record");
}

TEST_CASE("tasks and counts are there again when the file is opened again") {
  const scratch_folder folder;
  const auto path = folder.file("tasks");
  {
    task_store_shared store(path);
    add(store, task("a"));
    const auto b = add(store, task("b")).number;
    finish(store, result(b, "gone wrong", "timeout"));
    CHECK_THROWS_AS(task_store_shared(path), braid::io_error);
  }
  const task_store_shared store(path);
  CHECK((counts(store) == std::vector<std::uint64_t>{1, 0, 1}));
  CHECK(ids(store.waiting("google", 0, 10)) == "a ");
  CHECK(store.find("b", "ann")->error == "timeout");
}

TEST_CASE("an idempotency key names one task of its owner") {
  task_store_shared store("");
  auto first = task("a");
  first.idempotency = "k";
  add(store, first);
  auto again = first;
  again.id = "b";
  const auto second = add(store, again);
  CHECK_FALSE(second.is_new);
  CHECK_FALSE(second.differs);
  CHECK(second.id == "a");
  again.request = "the same search, told to somebody else";
  CHECK(add(store, again).differs);
  again.owner = "bob";
  CHECK(add(store, again).is_new);
  CHECK(counts(store)[0] == 2);
}

TEST_CASE("idempotency keys that have a task are counted") {
  task_store_shared store("");
  auto first = task("a");
  first.idempotency = "k";
  add(store, first);
  add(store, task("b"));
  const std::vector<std::string> keys{"k", "l", "", "k"};
  CHECK(store.known("ann", keys) == 2);
  CHECK(store.known("bob", keys) == 0);
  CHECK(store.known("ann", {}) == 0);
}

TEST_CASE("what each owner has made since a time is counted") {
  task_store_shared store("");
  add(store, task("a"));
  add(store, task("b"));
  CHECK((store.made_since(0) == std::map<std::string, std::uint64_t>{{"ann", 2}}));
  CHECK(store.made_since(INT64_MAX).empty());
}

TEST_CASE("a fresh record of the same request answers a task at once") {
  task_store_shared store("");
  const auto first = add(store, task("a"));
  auto same = task("b", "bob");
  same.same = "same as a";
  CHECK_FALSE(add(store, same, 1500, 1).answered);  // nothing to answer it with yet
  finish(store, result(first.number, "record"), 2000);
  same.id = "c";
  const auto answered = add(store, same, 3000, 2000);
  CHECK(answered.answered);
  CHECK(store.find("c", "bob")->state == task_state::done);
  CHECK(store.result(answered.number)->record == "record");
  same.id = "d";
  CHECK_FALSE(add(store, same, 3000, 0).answered);
  same.id = "e";
  CHECK_FALSE(add(store, same, 9000, 3001).answered);
  CHECK((counts(store) == std::vector<std::uint64_t>{3, 2, 0}));
}

TEST_CASE("a failed record answers nobody else") {
  task_store_shared store("");
  const auto first = add(store, task("a"));
  finish(store, result(first.number, "blocked", "blocked"));
  auto same = task("b");
  same.same = "same as a";
  CHECK_FALSE(add(store, same, 3000, 1).answered);
}

TEST_CASE("a removed task is gone with its record, and what it comes to is passed over") {
  task_store_shared store("");
  const auto done = add(store, task("a")).number;
  finish(store, result(done, "record"));
  const auto waits = add(store, task("b")).number;
  CHECK_FALSE(store.remove("a", "bob"));
  CHECK(store.remove("a", "ann"));
  CHECK_FALSE(store.remove("a", "ann"));
  CHECK_FALSE(store.result(done));
  CHECK(store.remove("b", "ann"));
  CHECK_FALSE(finish(store, result(waits, "late")));
  CHECK_FALSE(store.result(waits));
  CHECK((counts(store) == std::vector<std::uint64_t>{0, 0, 0}));
}

TEST_CASE("what was over long ago expires, what waits does not") {
  task_store_shared store("");
  for (const char* id : {"a", "b", "c"}) finish(store, result(add(store, task(id), 1).number, "record"), 100);
  finish(store, result(add(store, task("d"), 1).number, "record"), 200);
  add(store, task("e"), 1);
  CHECK(store.expire(200, 2) == 2);
  CHECK(store.expire(200, 2) == 1);
  CHECK(store.expire(200, 2) == 0);
  CHECK(ids(store.list("ann", {}, 0, 10)) == "e d ");
  CHECK((counts(store) == std::vector<std::uint64_t>{1, 1, 0}));
}

TEST_CASE("lists go on where the last one ended") {
  task_store_shared store("");
  for (const char* id : {"a", "b", "c", "d"}) add(store, task(id));
  add(store, task("x", "bob"));
  add(store, task("y", "ann", "bing"));
  const auto page = store.list("ann", {}, 0, 2);
  CHECK(ids(page) == "y d ");
  CHECK(ids(store.list("ann", {}, page.back().number, 2)) == "c b ");
  finish(store, result(page.back().number, "record"));
  CHECK(ids(store.list("ann", task_state::done, 0, 9)) == "d ");
  CHECK(ids(store.list("ann", task_state::waiting, 0, 2)) == "y c ");
  const auto waiting = store.waiting("google", 0, 2);
  CHECK(ids(waiting) == "a b ");
  CHECK(ids(store.waiting("google", waiting.back().number, 9)) == "c x ");
}

TEST_CASE("of tasks that cannot all be added none is") {
  task_store_shared store("");
  add(store, task("a"));
  const std::vector<new_task> both{task("b"), task("a")};
  CHECK_THROWS_AS(store.add(both, 1, 0), braid::io_error);
  CHECK_FALSE(store.find("b", "ann"));
  CHECK(counts(store)[0] == 1);
}

TEST_CASE("a callback is due when its task is over, survives the store, and goes with its task") {
  const scratch_folder folder;
  const auto file = folder.file("tasks");
  auto wanted = task("a");
  wanted.callback = "http://h/";
  {
    task_store_shared store(file);
    const auto number = add(store, wanted).number;
    add(store, task("b"));
    CHECK(store.next_callbacks(9).empty());
    REQUIRE(store.callback(number));
    CHECK(store.callback(number)->due == 0);
    CHECK_FALSE(store.callback(number + 1));
    finish(store, result(number, "r"), 2000);
    finish(store, result(number + 1, "r"), 2000);
  }
  task_store_shared store(file);
  auto due = store.next_callbacks(9);
  REQUIRE(due.size() == 1);
  CHECK(due[0].url == "http://h/");
  CHECK(due[0].due == 2000);
  CHECK(store.row(due[0].number)->id == "a");

  due[0].attempts = 1;
  due[0].due = 3000;
  due[0].status = 503;
  due[0].error = "no";
  store.update_callback(due[0]);
  const auto later = store.callback(due[0].number);
  REQUIRE(later);
  CHECK(later->status == 503);
  CHECK(later->error == "no");
  CHECK(store.next_callbacks(9).at(0).due == 3000);

  due[0].state = callback_state::delivered;
  due[0].due = 0;
  store.update_callback(due[0]);
  CHECK(store.next_callbacks(9).empty());
  CHECK(store.remove("a", "ann"));
  CHECK_FALSE(store.callback(due[0].number));
}

TEST_CASE("a task that an earlier record answers has its callback at once") {
  task_store_shared store("");
  const auto first = add(store, task("a")).number;
  finish(store, result(first, "r"), 2000);
  auto again = task("b");
  again.same = "same as a";
  again.callback = "http://h/";
  const auto outcome = add(store, again, 2500, 1);
  CHECK(outcome.answered);
  CHECK(store.next_callbacks(9).at(0).due == 2500);
  CHECK(store.expire(9999, 9) == 2);
  CHECK(store.next_callbacks(9).empty());
}
