# Compiler settings for every target: standard, warnings, sanitizers, linker, cache.

# g++ 12, the only g++ of Debian 12, miscompiles coroutines: a temporary that lives across a
# co_await is destroyed twice, without a warning. Clang before 16 fails on std::views.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16)
  message(FATAL_ERROR
    "stockd is built with clang++-19, but CMake chose ${CMAKE_CXX_COMPILER_ID} "
    "${CMAKE_CXX_COMPILER_VERSION} (${CMAKE_CXX_COMPILER}).\n"
    "Reason: g++ 12 miscompiles C++20 coroutines: a temporary that lives across a co_await is "
    "destroyed twice, silently. clang++-19 gets all of these right.\n"
    "What to do: run `./dev build`, which installs clang++-19 and configures with it, or pass the "
    "preset: `cmake --preset release`. A build folder that was configured with another compiler "
    "has to be deleted first.")
endif()

set(STOCKD_SANITIZE "" CACHE STRING "Sanitizer: empty, address (with undefined) or thread")
set_property(CACHE STOCKD_SANITIZE PROPERTY STRINGS "" address thread)
option(STOCKD_FUZZ "Instrument everything for libFuzzer" OFF)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
# -g1 keeps function names and lines in stack traces, at a third of the disk. NDEBUG is never
# defined: a check that tests rely on also guards production.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")

# Paths relative to the top, so that a binary and __FILE__ do not depend on where the tree lies
# and ccache serves every clone of it.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)

# Bounds checks of std containers' operator[]; cheap enough to keep in production.
add_compile_definitions($<$<COMPILE_LANGUAGE:CXX>:_GLIBCXX_ASSERTIONS>)

if(STOCKD_SANITIZE STREQUAL "address")
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(STOCKD_SANITIZE STREQUAL "thread")
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
  # Asio's atomic_thread_fence is not understood by the thread sanitizer.
  add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
elseif(NOT STOCKD_SANITIZE STREQUAL "")
  message(FATAL_ERROR "STOCKD_SANITIZE is \"${STOCKD_SANITIZE}\"; it takes address, thread or "
                      "nothing.")
endif()
if(STOCKD_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Warnings for our own code; generated code and system headers are exempt.
# Left out: -Wsign-conversion (noise at every size_t) and the warning about members that a
# designated initialiser does not name (leaving them at their default is house style).
add_library(stockd_warnings INTERFACE)
target_compile_options(stockd_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Werror;-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion>
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-sign-conversion;-Wnon-virtual-dtor;-Woverloaded-virtual>
  $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast;-Wextra-semi;-Wimplicit-fallthrough;-Wunused>
  $<$<COMPILE_LANGUAGE:CXX>:-Wnull-dereference;-Wformat=2;-Wthread-safety;-Wrange-loop-analysis>
  $<$<COMPILE_LANGUAGE:CXX>:-Wno-missing-field-initializers>)

find_program(STOCKD_CCACHE ccache)
if(STOCKD_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${STOCKD_CCACHE})
endif()

find_program(STOCKD_MOLD mold)
if(STOCKD_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
