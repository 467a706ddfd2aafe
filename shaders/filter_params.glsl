// What a dispatch of filter.comp is told. Read by GLSL and by C++ alike: members of four bytes only, which std430 and
// C++ lay out in the same way. The weights follow the struct in the same buffer.
struct FilterParams {
    int width;          // of what is written; results begin at (first_row, first_col) of the whole
    int height;
    int first_row;
    int first_col;
    int source_width;   // of the picture
    int source_height;
    int rows;           // of the kernel
    int cols;
    int top;            // result (y, x) reads from (y * stride - top, x * stride - left) on
    int left;
    int stride;
    int dilation;
    int sums_first;     // two passes: the picture's column, perhaps outside of it, that is column 0 of the sums
    float divisor;
    float offset;
    float white;        // on the scale of the picture's samples, and of the result's
    float result_white;
    float alpha_unit;   // what alpha is divided by before colours are multiplied by it
    float weight_sum;   // of the weights as they stand here, and of their absolute values
    float weight_size;
    float outside[4];   // stands outside under a constant border, as it is summed; where alpha is kept it is the
                        // nearest pixel's, and colours are multiplied by that later
};
