/*
 * segment_raw.c: one image through the whole method, from encoder outputs to a label map, in plain C.
 *
 *     cc segment_raw.c -llposs -lm && ./a.out
 *
 * A real program gets `vlm`, `vm` and `text` from its encoders (see lposs_windows_cut for what they take).
 * Here they are made up: the image is a blue sky over green ground, and each patch's features say "sky" or
 * "ground", a third of them wrongly. The vision model sees the two halves apart, so propagation puts the
 * wrong ones right.
 */
#include "lposs/lposs.h"

#include <stdio.h>
#include <stdlib.h>

enum { HEIGHT = 96, WIDTH = 160, WINDOW = 64, STRIDE = 32, PATCH = 16, DIMENSIONS = 2, CLASSES = 2 };

/* Every call that can fail returns a status, and then lposs_last_error() says why. */
static void check(lposs_status status) {
    if (status == LPOSS_OK) return;
    fprintf(stderr, "%s: %s\n", lposs_status_name(status), lposs_last_error());
    exit(1);
}

static void* allocate(size_t count, size_t size) {
    void* memory = calloc(count, size);
    if (memory) return memory;
    fprintf(stderr, "out of memory\n");
    exit(1);
}

/* A view of rows x columns (x channels, unless 0) elements in host memory. */
static lposs_tensor view(lposs_dtype dtype, void* data, int64_t rows, int64_t columns, int64_t channels) {
    lposs_tensor tensor;
    lposs_tensor_init(&tensor);
    tensor.dtype = dtype;
    tensor.ndim = channels ? 3 : 2;
    tensor.shape[0] = rows;
    tensor.shape[1] = columns;
    tensor.shape[2] = channels;
    tensor.data = data;
    return tensor;
}

static void paint(uint8_t* image) {
    for (int y = 0; y < HEIGHT; ++y)
        for (int x = 0; x < WIDTH; ++x) {
            uint8_t* pixel = image + ((size_t)y * WIDTH + (size_t)x) * 3;
            const int above = y < HEIGHT / 2;
            pixel[0] = (uint8_t)(above ? 120 : 70);
            pixel[1] = (uint8_t)(above ? 170 : 140);
            pixel[2] = (uint8_t)(above ? 230 : 60);
        }
}

/* The share of `label` in rows [from, to), in percent. */
static double share(const uint8_t* labels, int from, int to, uint8_t label) {
    int count = 0;
    for (int i = from * WIDTH; i < to * WIDTH; ++i) count += labels[i] == label;
    return 100.0 * count / ((to - from) * WIDTH);
}

int main(void) {
    lposs_context* context;
    check(lposs_context_create(NULL, &context)); /* the CPU, all its threads */

    /* Where the encoders look, and how many patches they see. */
    int64_t window_count, patch_count;
    check(lposs_windows_count(HEIGHT, WIDTH, WINDOW, STRIDE, &window_count));
    int32_t* windows = allocate((size_t)window_count * 4, sizeof *windows);
    const lposs_tensor window_list = view(LPOSS_INT32, windows, window_count, 4, 0);
    check(lposs_windows_fill(HEIGHT, WIDTH, WINDOW, STRIDE, &window_list));
    check(lposs_patches_count(&window_list, PATCH, &patch_count));
    float* centres = allocate((size_t)patch_count * 2, sizeof *centres); /* (y, x) of each patch */
    const lposs_tensor centre_list = view(LPOSS_FLOAT32, centres, patch_count, 2, 0);
    check(lposs_patches_get_centres(&window_list, PATCH, &centre_list));

    /* What the encoders would have said. */
    uint8_t* image = allocate((size_t)HEIGHT * WIDTH * 3, sizeof *image);
    float* vlm = allocate((size_t)patch_count * DIMENSIONS, sizeof *vlm);
    float* vm = allocate((size_t)patch_count * DIMENSIONS, sizeof *vm);
    float text[CLASSES * DIMENSIONS] = {1.0F, 0.0F, /* sky */ 0.0F, 1.0F /* ground */};
    paint(image);
    for (int64_t i = 0; i < patch_count; ++i) {
        const int half = centres[2 * i] < (float)HEIGHT / 2 ? 0 : 1;
        const int claimed = i % 3 == 0 ? 1 - half : half;
        vlm[i * DIMENSIONS + claimed] = 1.0F;
        vm[i * DIMENSIONS + half] = 1.0F;
    }

    lposs_segment_inputs inputs;
    lposs_segment_inputs_init(&inputs);
    inputs.patch_size = PATCH;
    inputs.image = view(LPOSS_UINT8, image, HEIGHT, WIDTH, 3);
    inputs.windows = window_list;
    inputs.vlm = view(LPOSS_FLOAT32, vlm, patch_count, DIMENSIONS, 0);
    inputs.vm = view(LPOSS_FLOAT32, vm, patch_count, DIMENSIONS, 0);
    inputs.text = view(LPOSS_FLOAT32, text, CLASSES, DIMENSIONS, 0);

    uint8_t* labels = allocate((size_t)HEIGHT * WIDTH, sizeof *labels);
    lposs_segment_outputs outputs;
    lposs_segment_outputs_init(&outputs);
    outputs.labels = view(LPOSS_UINT8, labels, HEIGHT, WIDTH, 0);

    lposs_segment_report report;
    lposs_segment_report_init(&report);
    check(lposs_image_segment(context, &inputs, NULL, &outputs, &report)); /* NULL options: the paper's */

    printf("%lld windows, %lld patches, %.2f ms\n", (long long)window_count, (long long)patch_count, report.total_ms);
    printf("sky    %5.1f %% of the upper half\n", share(labels, 0, HEIGHT / 2, 0));
    printf("ground %5.1f %% of the lower half\n", share(labels, HEIGHT / 2, HEIGHT, 1));

    free(labels);
    free(vm);
    free(vlm);
    free(image);
    free(centres);
    free(windows);
    lposs_context_destroy(context);
    return 0;
}
