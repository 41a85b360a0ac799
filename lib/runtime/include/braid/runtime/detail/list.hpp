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
  template <class T, class Link>
  friend class list;
  list_link* next_ = this;
  list_link* previous_ = this;
};

/// First-in first-out list of objects that derive from list_link (or from a class that does) and live elsewhere.
/// Destroying an object takes it out. An object that is in several lists derives from a `Link` for each.
template <class T, class Link = list_link>
class list {
 public:
  bool empty() const noexcept { return !head_.linked(); }
  T* front() const noexcept { return empty() ? nullptr : item_of(head_.next_); }
  T* back() const noexcept { return empty() ? nullptr : item_of(head_.previous_); }
  void push_back(T& item) noexcept {
    list_link& link = static_cast<Link&>(item);
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
    for (; behind != &head_ && overtakes(*item_of(behind)); behind = behind->previous_) {
      if (most-- == 0) return false;
    }
    list_link& link = static_cast<Link&>(item);
    link.unlink();
    link.previous_ = behind;
    link.next_ = behind->next_;
    behind->next_->previous_ = &link;
    behind->next_ = &link;
    return true;
  }
  T* pop_front() noexcept {
    T* item = front();
    if (item) static_cast<Link*>(item)->unlink();
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
      f(*item_of(link));
      link = next;
    }
  }
  /// The first item for which is_it(item) holds; null when there is none.
  template <class F>
  T* find(F is_it) const {
    for (list_link* link = head_.next_; link != &head_; link = link->next_) {
      if (is_it(*item_of(link))) return item_of(link);
    }
    return nullptr;
  }

 private:
  static T* item_of(list_link* link) noexcept { return static_cast<T*>(static_cast<Link*>(link)); }

  list_link head_;
};

}  // namespace braid::detail
