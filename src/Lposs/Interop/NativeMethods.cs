using System.Runtime.InteropServices;

namespace Lposs.Interop;

/// <summary>
/// The import table of liblposs.so: every export of <c>lposs.h</c>, bound once, in the header's order. The header
/// says what the functions do. Callers make sure of <see cref="LpossLibrary.Require"/> first.
/// </summary>
internal static unsafe partial class NativeMethods
{
    public const string Library = "lposs";

    // 1 Version, status, errors

    [LibraryImport(Library, EntryPoint = "lposs_version")]
    public static partial int Version();

    [LibraryImport(Library, EntryPoint = "lposs_version_string")]
    public static partial byte* VersionString();

    [LibraryImport(Library, EntryPoint = "lposs_status_name")]
    public static partial byte* StatusName(NativeStatusCode status);

    [LibraryImport(Library, EntryPoint = "lposs_last_error")]
    public static partial byte* LastError();

    // 2 Tensors

    [LibraryImport(Library, EntryPoint = "lposs_tensor_init")]
    public static partial void TensorInit(NativeTensor* tensor);

    // 3 Contexts

    [LibraryImport(Library, EntryPoint = "lposs_allocator_init")]
    public static partial void AllocatorInit(NativeAllocator* allocator);

    [LibraryImport(Library, EntryPoint = "lposs_context_options_init")]
    public static partial void ContextOptionsInit(NativeContextOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_context_create")]
    public static partial NativeStatusCode ContextCreate(NativeContextOptions* options, out ContextHandle context);

    [LibraryImport(Library, EntryPoint = "lposs_context_destroy")]
    public static partial void ContextDestroy(nint context);

    [LibraryImport(Library, EntryPoint = "lposs_context_synchronize")]
    public static partial NativeStatusCode ContextSynchronize(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "lposs_context_get_stream")]
    public static partial NativeStatusCode ContextGetStream(ContextHandle context, void** stream);

    [LibraryImport(Library, EntryPoint = "lposs_context_info_init")]
    public static partial void ContextInfoInit(NativeContextInfo* info);

    [LibraryImport(Library, EntryPoint = "lposs_context_get_info")]
    public static partial NativeStatusCode ContextGetInfo(ContextHandle context, NativeContextInfo* info);

    [LibraryImport(Library, EntryPoint = "lposs_context_set_progress")]
    public static partial NativeStatusCode ContextSetProgress(
        ContextHandle context,
        delegate* unmanaged[Cdecl]<void*, int, double, int> callback,
        void* user
    );

    [LibraryImport(Library, EntryPoint = "lposs_context_reset_memory_peak")]
    public static partial NativeStatusCode ResetMemoryPeak(ContextHandle context);

    // 4 Segmenting one image, refining

    [LibraryImport(Library, EntryPoint = "lposs_patch_graph_options_init")]
    public static partial void PatchGraphOptionsInit(NativePatchGraphOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_pixel_graph_options_init")]
    public static partial void PixelGraphOptionsInit(NativePixelGraphOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_solver_options_init")]
    public static partial void SolverOptionsInit(NativeSolverOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_segment_inputs_init")]
    public static partial void SegmentInputsInit(NativeSegmentInputs* inputs);

    [LibraryImport(Library, EntryPoint = "lposs_segment_options_init")]
    public static partial void SegmentOptionsInit(NativeSegmentOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_segment_outputs_init")]
    public static partial void SegmentOutputsInit(NativeSegmentOutputs* outputs);

    [LibraryImport(Library, EntryPoint = "lposs_solve_report_init")]
    public static partial void SolveReportInit(NativeSolveReport* report);

    [LibraryImport(Library, EntryPoint = "lposs_segment_report_init")]
    public static partial void SegmentReportInit(NativeSegmentReport* report);

    [LibraryImport(Library, EntryPoint = "lposs_image_segment")]
    public static partial NativeStatusCode Segment(
        ContextHandle context,
        NativeSegmentInputs* inputs,
        NativeSegmentOptions* options,
        NativeSegmentOutputs* outputs,
        NativeSegmentReport* report
    );

    [LibraryImport(Library, EntryPoint = "lposs_segment_get_memory")]
    public static partial NativeStatusCode SegmentMemory(
        ContextHandle context,
        NativeSegmentInputs* inputs,
        NativeSegmentOptions* options,
        NativeSegmentOutputs* outputs,
        long* bytes
    );

    [LibraryImport(Library, EntryPoint = "lposs_refine_options_init")]
    public static partial void RefineOptionsInit(NativeRefineOptions* options);

    [LibraryImport(Library, EntryPoint = "lposs_refine_inputs_init")]
    public static partial void RefineInputsInit(NativeRefineInputs* inputs);

    [LibraryImport(Library, EntryPoint = "lposs_image_refine")]
    public static partial NativeStatusCode Refine(
        ContextHandle context,
        NativeRefineInputs* inputs,
        NativeRefineOptions* options,
        NativeSegmentOutputs* outputs,
        NativeSegmentReport* report
    );

    [LibraryImport(Library, EntryPoint = "lposs_refine_get_memory")]
    public static partial NativeStatusCode RefineMemory(
        ContextHandle context,
        NativeRefineInputs* inputs,
        NativeRefineOptions* options,
        NativeSegmentOutputs* outputs,
        long* bytes
    );

    // 5 Graphs

    [LibraryImport(Library, EntryPoint = "lposs_graph_create_from_patches")]
    public static partial NativeStatusCode GraphFromPatches(
        ContextHandle context,
        NativeTensor* features,
        NativeTensor* centres,
        NativePatchGraphOptions* options,
        out GraphHandle graph
    );

    [LibraryImport(Library, EntryPoint = "lposs_graph_create_from_image")]
    public static partial NativeStatusCode GraphFromImage(
        ContextHandle context,
        NativeTensor* image,
        NativePixelGraphOptions* options,
        out GraphHandle graph
    );

    [LibraryImport(Library, EntryPoint = "lposs_graph_create_from_csr")]
    public static partial NativeStatusCode GraphFromCsr(
        ContextHandle context,
        NativeTensor* rowOffsets,
        NativeTensor* columns,
        NativeTensor* weights,
        out GraphHandle graph
    );

    [LibraryImport(Library, EntryPoint = "lposs_graph_destroy")]
    public static partial void GraphDestroy(nint graph);

    [LibraryImport(Library, EntryPoint = "lposs_graph_info_init")]
    public static partial void GraphInfoInit(NativeGraphInfo* info);

    [LibraryImport(Library, EntryPoint = "lposs_option_info_init")]
    public static partial void OptionInfoInit(NativeOptionInfo* info);

    [LibraryImport(Library, EntryPoint = "lposs_option_count")]
    public static partial NativeStatusCode OptionCount(out int count);

    [LibraryImport(Library, EntryPoint = "lposs_option_get_info")]
    public static partial NativeStatusCode OptionGetInfo(int index, NativeOptionInfo* info);

    [LibraryImport(Library, EntryPoint = "lposs_graph_get_info")]
    public static partial NativeStatusCode GraphGetInfo(GraphHandle graph, NativeGraphInfo* info);

    // 6 Propagation

    [LibraryImport(Library, EntryPoint = "lposs_graph_propagate")]
    public static partial NativeStatusCode Propagate(
        ContextHandle context,
        GraphHandle graph,
        NativeTensor* y,
        NativeSolverOptions* options,
        NativeTensor* x,
        NativeSolveReport* report
    );

    // 7 Windows and encoder inputs

    [LibraryImport(Library, EntryPoint = "lposs_windows_count")]
    public static partial NativeStatusCode WindowCount(long height, long width, long crop, long stride, long* count);

    [LibraryImport(Library, EntryPoint = "lposs_windows_fill")]
    public static partial NativeStatusCode Windows(
        long height,
        long width,
        long crop,
        long stride,
        NativeTensor* windows
    );

    [LibraryImport(Library, EntryPoint = "lposs_patches_count")]
    public static partial NativeStatusCode PatchCount(NativeTensor* windows, int patchSize, long* count);

    [LibraryImport(Library, EntryPoint = "lposs_patches_get_centres")]
    public static partial NativeStatusCode PatchCentres(NativeTensor* windows, int patchSize, NativeTensor* centres);

    [LibraryImport(Library, EntryPoint = "lposs_windows_cut")]
    public static partial NativeStatusCode CutWindows(
        ContextHandle context,
        NativeTensor* image,
        NativeTensor* windows,
        float* mean,
        float* std,
        NativeTensor* batch
    );

    // 8 Building blocks

    [LibraryImport(Library, EntryPoint = "lposs_similarity_compute")]
    public static partial NativeStatusCode Similarity(
        ContextHandle context,
        NativeTensor* features,
        NativeTensor* text,
        NativeTensor* scores
    );

    [LibraryImport(Library, EntryPoint = "lposs_knn_search")]
    public static partial NativeStatusCode Knn(
        ContextHandle context,
        NativeTensor* features,
        NativeTensor* similarities,
        NativeTensor* indices
    );

    [LibraryImport(Library, EntryPoint = "lposs_windows_stitch")]
    public static partial NativeStatusCode Stitch(
        ContextHandle context,
        NativeTensor* patchScores,
        NativeTensor* windows,
        int patchSize,
        NativeTensor* scores
    );

    [LibraryImport(Library, EntryPoint = "lposs_image_resize")]
    public static partial NativeStatusCode Resize(ContextHandle context, NativeTensor* input, NativeTensor* output);

    [LibraryImport(Library, EntryPoint = "lposs_scores_merge_prompts")]
    public static partial NativeStatusCode MergePrompts(
        ContextHandle context,
        NativeTensor* scores,
        NativeTensor* promptClasses,
        NativeTensor* output
    );

    [LibraryImport(Library, EntryPoint = "lposs_scores_argmax")]
    public static partial NativeStatusCode ArgMax(
        ContextHandle context,
        NativeTensor* scores,
        NativeTensor* labels,
        NativeTensor* confidence
    );

    [LibraryImport(Library, EntryPoint = "lposs_image_convert_to_lab")]
    public static partial NativeStatusCode RgbToLab(ContextHandle context, NativeTensor* image, NativeTensor* lab);

    // 9 Device memory and DLPack

    [LibraryImport(Library, EntryPoint = "lposs_memory_allocate")]
    public static partial NativeStatusCode Allocate(ContextHandle context, long bytes, void** pointer);

    [LibraryImport(Library, EntryPoint = "lposs_memory_release")]
    public static partial NativeStatusCode Release(nint context, void* pointer, long bytes);

    [LibraryImport(Library, EntryPoint = "lposs_tensor_copy")]
    public static partial NativeStatusCode Copy(ContextHandle context, NativeTensor* source, NativeTensor* target);

    [LibraryImport(Library, EntryPoint = "lposs_device_probe")]
    public static partial NativeStatusCode DeviceProbe(LpossDevice device, int deviceIndex, byte* name, nuint capacity);

    [LibraryImport(Library, EntryPoint = "lposs_tensor_from_dlpack")]
    public static partial NativeStatusCode TensorFromDlpack(DlpackTensor* source, NativeTensor* tensor);

    [LibraryImport(Library, EntryPoint = "lposs_tensor_to_dlpack")]
    public static partial NativeStatusCode TensorToDlpack(NativeTensor* tensor, int deviceIndex, DlpackTensor* target);
}
