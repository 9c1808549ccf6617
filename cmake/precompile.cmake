# The headers that nearly every file includes, compiled once a target: a third of the build time otherwise.
function(atcert_precompile target)
  target_precompile_headers(
    ${target}
    PRIVATE
    <algorithm>
    <chrono>
    <functional>
    <map>
    <memory>
    <optional>
    <span>
    <string>
    <string_view>
    <variant>
    <vector>
    <fmt/core.h>
    "${CMAKE_SOURCE_DIR}/lib/base/clock.hpp"
    "${CMAKE_SOURCE_DIR}/lib/base/result.hpp"
    "${CMAKE_SOURCE_DIR}/lib/base/secret.hpp"
    ${ARGN})
endfunction()
