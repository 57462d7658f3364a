# The functions that every CMakeLists.txt below the top uses to declare what it builds.
# Sources are always listed by name: a file that nobody lists is a file that nobody builds.

# stockd_library(<name> SOURCES <file>... [DEPENDS <target>...] [PRIVATE_DEPENDS <target>...])
#
# A static library; its users include its headers relative to the top of the tree, for example
# "daemon/ledger/position.h". DEPENDS are seen by users too, PRIVATE_DEPENDS are not: use them for
# what only the .cc files include. Without a .cc or .S among SOURCES it becomes a header-only
# library.
function(stockd_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS")
  _stockd_refuse_unparsed(stockd_library ${name} "${ARG_UNPARSED_ARGUMENTS}")
  set(compiled ${ARG_SOURCES})
  list(FILTER compiled INCLUDE REGEX "\\.(cc|S)$")
  if(NOT compiled)
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${ARG_DEPENDS} ${ARG_PRIVATE_DEPENDS})
    return()
  endif()
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS}
                        PRIVATE ${ARG_PRIVATE_DEPENDS} $<BUILD_INTERFACE:stockd_warnings>)
endfunction()

# Everything a user runs: what `./dev run` needs to be built.
add_custom_target(programs)

# stockd_executable(<name> SOURCES <file>... [DEPENDS <target>...])
#
# A program, at <build folder>/<folder of the CMakeLists.txt>/<name>. One that is declared outside
# of tests/ also belongs to the target `programs`.
function(stockd_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;DEPENDS")
  _stockd_refuse_unparsed(stockd_executable ${name} "${ARG_UNPARSED_ARGUMENTS}")
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} stockd_warnings)
  set(tests_dir ${CMAKE_SOURCE_DIR}/tests)
  cmake_path(IS_PREFIX tests_dir ${CMAKE_CURRENT_SOURCE_DIR} is_test)
  if(NOT is_test)
    add_dependencies(programs ${name})
  endif()
endfunction()

# stockd_test(<name> SOURCES <file>... [DEPENDS <target>...] [LABELS <label>...]
#             [TIMEOUT <seconds>] [SERIAL] [NO_MAIN])
#
# A GoogleTest program; each TEST becomes one ctest test named <name>.<Suite>.<Case>. GoogleMock
# and a main() are linked, unless NO_MAIN says that the sources bring their own main(). LABELS
# default to `unit`, TIMEOUT to 180 s for each TEST (five times that under a sanitizer); the
# environment variable STOCKD_TEST_TIMEOUT overrules it for a long run. SERIAL means that nothing
# else runs at the same time.
#
# A test runs at the top of the source tree with STOCKD_BUILD naming the build folder, and writes
# only below a temporary folder that it makes itself.
function(stockd_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "SERIAL;NO_MAIN" "TIMEOUT" "SOURCES;DEPENDS;LABELS")
  _stockd_refuse_unparsed(stockd_test ${name} "${ARG_UNPARSED_ARGUMENTS}")
  stockd_executable(${name} SOURCES ${ARG_SOURCES} DEPENDS ${ARG_DEPENDS} GTest::gmock)
  if(NOT ARG_NO_MAIN)
    target_link_libraries(${name} PRIVATE GTest::gmock_main)
  endif()
  include(GoogleTest)
  gtest_discover_tests(${name}
    TEST_PREFIX ${name}.
    TEST_LIST ${name}_TESTS
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 120)
  # Set by a file that ctest reads after discovery: gtest_discover_tests() takes no property whose
  # value is a list, and LABELS is one.
  _stockd_test_properties("${ARG_LABELS}" "${ARG_TIMEOUT}" "${ARG_SERIAL}" properties)
  set(properties_file ${CMAKE_CURRENT_BINARY_DIR}/${name}_properties.cmake)
  file(CONFIGURE OUTPUT ${properties_file} @ONLY CONTENT [[
if(@name@_TESTS)
  set_tests_properties(${@name@_TESTS} PROPERTIES @properties@)
  if(DEFINED ENV{STOCKD_TEST_TIMEOUT})
    set_tests_properties(${@name@_TESTS} PROPERTIES TIMEOUT "$ENV{STOCKD_TEST_TIMEOUT}")
  endif()
endif()
]])
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${properties_file})
endfunction()

# stockd_script_test(<name> COMMAND <command>... [LABELS <label>...] [TIMEOUT <seconds>] [SERIAL])
#
# A ctest test that is any command; $<TARGET_FILE:program> names a program of the build. The rest
# is as in stockd_test.
function(stockd_script_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "SERIAL" "TIMEOUT" "COMMAND;LABELS")
  _stockd_refuse_unparsed(stockd_script_test ${name} "${ARG_UNPARSED_ARGUMENTS}")
  add_test(NAME ${name} COMMAND ${ARG_COMMAND} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  _stockd_test_properties("${ARG_LABELS}" "${ARG_TIMEOUT}" "${ARG_SERIAL}" properties)
  cmake_language(EVAL CODE "set_tests_properties(${name} PROPERTIES ${properties})")
endfunction()

# stockd_fuzz(<name> SOURCES <file>... [DEPENDS <target>...] [CORPUS <folder>])
#
# A libFuzzer program (the sources define LLVMFuzzerTestOneInput). It is built and its CORPUS is
# replayed as the ctest test fuzz.<name> in every build, so that it cannot rot; `./dev fuzz <name>`
# searches for new input in a build that is instrumented for it.
function(stockd_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "CORPUS" "SOURCES;DEPENDS")
  _stockd_refuse_unparsed(stockd_fuzz ${name} "${ARG_UNPARSED_ARGUMENTS}")
  stockd_executable(${name} SOURCES ${ARG_SOURCES} DEPENDS ${ARG_DEPENDS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set(corpus)
  if(ARG_CORPUS)
    cmake_path(ABSOLUTE_PATH ARG_CORPUS BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
               OUTPUT_VARIABLE corpus)
  endif()
  stockd_script_test(fuzz.${name} COMMAND ${name} -runs=0 ${corpus} LABELS fuzz)
endfunction()

# stockd_assets(<name> NAMESPACE <namespace> FUNCTION <function> ROOT <folder> FILES <file>...
#               [DEPENDS <target>...])
#
# A static library with files for browsers in it, byte by byte, and a function
# `std::span<const stockd::http::Asset> <namespace>::<function>()` that lists them; declare it where
# it is called. FILES are relative to ROOT and are the paths below "/"; DEPENDS make them, if they
# are made by the build.
function(stockd_assets name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "NAMESPACE;FUNCTION;ROOT" "FILES;DEPENDS")
  _stockd_refuse_unparsed(stockd_assets ${name} "${ARG_UNPARSED_ARGUMENTS}")
  cmake_path(ABSOLUTE_PATH ARG_ROOT BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set(types css text/css html text/html ico image/x-icon js text/javascript json application/json
      png image/png svg image/svg+xml txt text/plain webmanifest application/manifest+json
      woff2 font/woff2)
  set(assembly ".section .rodata\n")
  set(declarations)
  set(rows)
  set(number 0)
  foreach(file IN LISTS ARG_FILES)
    cmake_path(GET file EXTENSION LAST_ONLY extension)
    string(SUBSTRING "${extension}" 1 -1 extension)
    list(FIND types "${extension}" found)
    if(found EQUAL -1)
      message(FATAL_ERROR "stockd_assets(${name}): no content type is known for ${file}")
    endif()
    math(EXPR found "${found} + 1")
    list(GET types ${found} type)
    if(type MATCHES "^text/")
      string(APPEND type "; charset=utf-8")
    endif()
    set(symbol ${name}_${number})
    string(APPEND assembly ".global ${symbol}_begin\n.global ${symbol}_end\n${symbol}_begin:\n"
                           ".incbin \"${ARG_ROOT}/${file}\"\n${symbol}_end:\n")
    string(APPEND declarations "extern const char ${symbol}_begin[], ${symbol}_end[];\n")
    string(APPEND rows "      {\"/${file}\", \"${type}\", {${symbol}_begin, ${symbol}_end}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  string(APPEND assembly ".section .note.GNU-stack,\"\",@progbits\n")
  set(stem ${CMAKE_CURRENT_BINARY_DIR}/${name}_files)
  file(CONFIGURE OUTPUT ${stem}.S CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT ${stem}.cc @ONLY CONTENT "#include <span>

#include \"daemon/http/assets.h\"

extern \"C\" {
${declarations}}

namespace ${ARG_NAMESPACE} {

std::span<const stockd::http::Asset> ${ARG_FUNCTION}();

std::span<const stockd::http::Asset> ${ARG_FUNCTION}() {
  static const stockd::http::Asset kAssets[] = {
${rows}  };
  return kAssets;
}

}  // namespace ${ARG_NAMESPACE}
")
  list(TRANSFORM ARG_FILES PREPEND ${ARG_ROOT}/ OUTPUT_VARIABLE paths)
  set_property(SOURCE ${stem}.S PROPERTY OBJECT_DEPENDS ${paths})
  add_library(${name} STATIC ${stem}.S ${stem}.cc)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE absl::flat_hash_map stockd_warnings)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# stockd_not_under_tsan(<file>...)
#
# Compiles these files of the current folder without the thread sanitizer. For the thin files that
# hold gRPC objects: Debian's gRPC is not instrumented, so every object it hands over would be
# reported as a race. Such a file must hold no shared_ptr, atomic or Asio object of its own.
function(stockd_not_under_tsan)
  if(STOCKD_SANITIZE STREQUAL "thread")
    set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS -fno-sanitize=thread)
  endif()
endfunction()

# stockd_subdirectories(<folder>...)
#
# Adds each folder, in this order, that has a CMakeLists.txt.
function(stockd_subdirectories)
  foreach(folder IN LISTS ARGN)
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt)
      add_subdirectory(${folder})
    endif()
  endforeach()
endfunction()

# Sets `result` to the properties as text that is valid CMake code.
function(_stockd_test_properties labels timeout serial result)
  if(NOT labels)
    set(labels unit)
  endif()
  if(NOT timeout)
    set(timeout 180)
  endif()
  if(NOT STOCKD_SANITIZE STREQUAL "")
    math(EXPR timeout "${timeout} * 5")
  endif()
  set(environment "STOCKD_BUILD=${CMAKE_BINARY_DIR}")
  set(properties "LABELS \"${labels}\" TIMEOUT ${timeout} ENVIRONMENT \"${environment}\"")
  if(serial)
    string(APPEND properties " RUN_SERIAL TRUE")
  endif()
  set(${result} "${properties}" PARENT_SCOPE)
endfunction()

function(_stockd_refuse_unparsed function name unparsed)
  if(unparsed)
    message(FATAL_ERROR "${function}(${name}): unknown arguments: ${unparsed}")
  endif()
endfunction()
