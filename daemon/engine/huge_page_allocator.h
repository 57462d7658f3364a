#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>

namespace stockd::engine {

// Allocates large tables so that the kernel backs them with huge pages where it can: a table of
// gigabytes that is read at random then costs far fewer page faults and address translations.
// Smaller blocks come from where all memory comes from.
template <typename T>
struct HugePageAllocator {
  using value_type = T;

  HugePageAllocator() = default;
  template <typename Other>
  HugePageAllocator(const HugePageAllocator<Other>&) {}  // NOLINT: every one is like the other.

  T* allocate(size_t count) {
    const size_t bytes = count * sizeof(T);
    if (bytes < kHugePageBytes) return static_cast<T*>(::operator new(bytes, kAlignment));
    void* block = ::operator new(bytes, std::align_val_t{kHugePageBytes});
    // A wish: where it cannot be had the memory works as well.
    (void)madvise(block, bytes, MADV_HUGEPAGE);
    return static_cast<T*>(block);
  }

  void deallocate(T* block, size_t count) {
    const size_t bytes = count * sizeof(T);
    if (bytes < kHugePageBytes) {
      ::operator delete(block, kAlignment);
    } else {
      ::operator delete(block, std::align_val_t{kHugePageBytes});
    }
  }

  template <typename Other>
  friend bool operator==(const HugePageAllocator&, const HugePageAllocator<Other>&) {
    return true;
  }

 private:
  static constexpr size_t kHugePageBytes = size_t{2} << 20;
  static constexpr std::align_val_t kAlignment{alignof(T)};
};

}  // namespace stockd::engine
