#include <boost/system/system_error.hpp>
#include <braid/core/error.hpp>
#include <braid/runtime/task_group.hpp>

namespace braid {

task_group::~task_group() {
  tasks_.for_each([](detail::task& task) { task.group = nullptr; });
}

bool task_group::spawn(awaitable<void> task, std::string_view name) {
  return spawn([task = std::move(task)]() mutable { return std::move(task); }, name);
}

void task_group::cancel() {
  cancelled_ = true;
  tasks_.for_each([](detail::task& task) { task.signal.emit(asio::cancellation_type::terminal); });
}

void task_group::cancel_from_parent() {
  parent_cancelled_ = true;
  cancel();
}

void task_group::finished(detail::task& task, std::exception_ptr failure) {
  task.unlink();
  --running_;
  if (failure && !failure_ && !(cancelled_ && is_cancelled(failure))) {
    failure_ = std::move(failure);
    cancel();
  }
  if (running_ == 0) all_done_.wake();
}

void task_group::rethrow() const {
  if (failure_) std::rethrow_exception(failure_);
  if (parent_cancelled_) throw boost::system::system_error(asio::error::operation_aborted, "task_group");
}

std::vector<std::string> task_group::running() {
  std::vector<std::string> names;
  tasks_.for_each([&](detail::task& task) {
    if (!task.name.empty()) names.push_back(task.name);
  });
  return names;
}

}  // namespace braid
