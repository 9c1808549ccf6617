# The warnings every target is built with; each is an error.
function(atcert_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC warns of designated initialisers that leave out a member, which is what they are for.
    target_compile_options(${target} PRIVATE -Wno-missing-field-initializers)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 warns falsely of std::string: of overlap in operator+ (GCC bug 105651), and of bounds and values where one is
    # moved out of a variant or an optional. Clang and the sanitizers look for the true ones.
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-array-bounds -Wno-maybe-uninitialized
                                             -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
endfunction()
