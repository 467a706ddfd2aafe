#include "core/io/tensor/text.h"

#include <limits>

#include <gtest/gtest.h>

#include "core/io/error.h"
#include "core/io/tensor/npy.h"
#include "tests/app/temp_folder.h"

namespace convlens {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

Tensor<double> two_planes() { return Tensor<double>({1, 2, 2, 2}, {1, -2, 0.1, 4, kNan, kInf, -kInf, -0.0}); }

TEST(OutputText, RowsArePartedByTabs) { EXPECT_EQ(plane_rows(two_planes(), 0, 0), "1\t-2\n0.1\t4"); }

TEST(OutputText, APythonListNamesWhatIsNotFinite) {
    EXPECT_EQ(plane_list(two_planes(), 0, 0), "[[1, -2],\n [0.1, 4]]");
    EXPECT_EQ(plane_list(two_planes(), 0, 1), "[[float(\"nan\"), float(\"inf\")],\n [float(\"-inf\"), 0]]");
}

TEST(OutputText, ANumpyArrayHasAllFourAxes) {
    EXPECT_EQ(numpy_array(Tensor<double>({1, 1, 1, 2}, {1, kNan})), "np.array(\n [[[[1, np.nan]]]])");
}

TEST(OutputText, CsvPutsPlanesUnderOneAnother) {
    EXPECT_EQ(csv_text(two_planes()), "1,-2\n0.1,4\n\nnan,inf\n-inf,0\n");
}

TEST(SaveTensor, WritesByTheNamesEnding) {
    const TempFolder folder;
    const Tensor<double> tensor({1, 1, 1, 2}, {1, 0.1});
    save_tensor(tensor, folder.path() / "a.NPY");
    EXPECT_EQ(to_tensor(read_npy(folder.path() / "a.NPY"), "a"), tensor);
    save_tensor(tensor, folder.path() / "a.csv");
    EXPECT_EQ(folder.read("a.csv"), "1,0.1\n");
    EXPECT_THROW(save_tensor(tensor, folder.path() / "a.txt"), FileError);
    EXPECT_THROW(save_tensor(tensor, folder.path() / "none" / "a.csv"), FileError);
}

}  // namespace
}  // namespace convlens
