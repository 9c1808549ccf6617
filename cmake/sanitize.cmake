# Sanitizers and the few flags that differ by build type, for the whole tree.
if(ATCERT_SANITIZE)
  add_compile_options(
    -fsanitize=${ATCERT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    -fsanitize-ignorelist=${CMAKE_SOURCE_DIR}/cmake/sanitize_ignore.txt)
  add_link_options(-fsanitize=${ATCERT_SANITIZE})
  add_compile_definitions(ATCERT_SANITIZED)
  if(CMAKE_BUILD_TYPE STREQUAL "Debug")
    add_compile_options(-g1) # enough for the lines of a report
  endif()
endif()

# For the code under test: sanitized suites run several times faster than at -O0; the fuzzer needs its coverage.
function(atcert_sanitize_library target)
  if(ATCERT_SANITIZE AND CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_options(${target} PRIVATE -O1)
  endif()
  if(ATCERT_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
endfunction()

find_program(ccache_program ccache)
if(ccache_program)
  # Precompiled headers are cached too when their times are not looked at.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${ccache_program})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()
