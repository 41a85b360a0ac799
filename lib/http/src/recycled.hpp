#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace braid::http {

/// Objects of a kind that come and go with every request: a thread keeps the room of a few for the next ones, which
/// costs less than a way through malloc and back. Derive from recycled<T>; T is final.
template <class T>
class recycled {
 public:
  static void* operator new(std::size_t size) {
    rooms& here = of_thread();
    return here.count > 0 ? here.kept[--here.count] : ::operator new(size);
  }
  static void operator delete(void* room) noexcept {
    rooms& here = of_thread();
    if (here.count < rooms::most) {
      here.kept[here.count++] = room;
    } else {
      ::operator delete(room);
    }
  }

 protected:
  recycled() = default;
  ~recycled() = default;

 private:
  struct rooms {
#if defined(__SANITIZE_ADDRESS__)
    static constexpr std::size_t most = 0;  // so that what is used after its end is found
#else
    static constexpr std::size_t most = 16;
#endif

    rooms() = default;
    rooms(const rooms&) = delete;
    rooms& operator=(const rooms&) = delete;
    ~rooms() {
      while (count > 0) ::operator delete(kept[--count]);
    }

    std::array<void*, 16> kept{};
    std::size_t count = 0;
  };

  static rooms& of_thread() {
    thread_local rooms own;
    return own;
  }
};

}  // namespace braid::http
