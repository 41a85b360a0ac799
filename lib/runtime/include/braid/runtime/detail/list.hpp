#pragma once

#include <cstddef>
#include <limits>

namespace braid::detail {

/// Link of a circular, doubly linked list without a head of its own type. An unlinked one points at itself, so that
/// unlink() needs no list and may be called twice.
class list_link {
 public:
  list_link() noexcept = default;
  list_link(const list_link&) = delete;
  list_link& operator=(const list_link&) = delete;
  ~list_link() { unlink(); }

  bool linked() const noexcept { return next_ != this; }
  void unlink() noexcept {
    next_->previous_ = previous_;
    previous_->next_ = next_;
    next_ = previous_ = this;
  }

 private:
  template <class T>
  friend class list;
  list_link* next_ = this;
  list_link* previous_ = this;
};

/// First-in first-out list of objects that derive from list_link (or from a class that does) and live elsewhere.
/// Destroying an object takes it out.
template <class T>
class list {
 public:
  bool empty() const noexcept { return !head_.linked(); }
  T* front() const noexcept { return empty() ? nullptr : static_cast<T*>(head_.next_); }
  void push_back(T& item) noexcept {
    list_link& link = item;
    link.unlink();
    link.previous_ = head_.previous_;
    link.next_ = &head_;
    head_.previous_->next_ = &link;
    head_.previous_ = &link;
  }
  /// From the back, past those for which overtakes(other) holds. False, with nothing done, if these are more than
  /// `most`.
  template <class F>
  bool push_back_past(T& item, F overtakes, std::size_t most = std::numeric_limits<std::size_t>::max()) noexcept {
    list_link* behind = head_.previous_;
    for (; behind != &head_ && overtakes(*static_cast<T*>(behind)); behind = behind->previous_) {
      if (most-- == 0) return false;
    }
    list_link& link = item;
    link.unlink();
    link.previous_ = behind;
    link.next_ = behind->next_;
    behind->next_->previous_ = &link;
    behind->next_ = &link;
    return true;
  }
  T* pop_front() noexcept {
    T* item = front();
    if (item) static_cast<list_link*>(item)->unlink();
    return item;
  }
  /// Moves everything in `other` to the end of this list.
  void splice_back(list& other) noexcept {
    if (other.empty()) return;
    list_link* first = other.head_.next_;
    list_link* last = other.head_.previous_;
    other.head_.next_ = other.head_.previous_ = &other.head_;
    first->previous_ = head_.previous_;
    head_.previous_->next_ = first;
    last->next_ = &head_;
    head_.previous_ = last;
  }
  /// Calls f for each item. f may take out the item it is given, and no other.
  template <class F>
  void for_each(F f) {
    for (list_link* link = head_.next_; link != &head_;) {
      list_link* next = link->next_;
      f(*static_cast<T*>(link));
      link = next;
    }
  }

 private:
  list_link head_;
};

}  // namespace braid::detail
