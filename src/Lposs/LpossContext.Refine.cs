using Lposs.Interop;

namespace Lposs;

/// <content>The pixel step on anyone's scores or labels.</content>
public sealed unsafe partial class LpossContext
{
    private delegate void UseRefineArguments(
        NativeRefineInputs* inputs,
        NativeRefineOptions* options,
        NativeSegmentOutputs* outputs
    );

    /// <summary>
    /// The pixel step alone (paper, section 3.3): scores or coarse labels in, sharp labels and scores of any size out.
    /// Classes run in blocks where they would not fit the memory limit together.
    /// </summary>
    /// <param name="inputs">The image, and scores or labels.</param>
    /// <param name="outputs">What to write.</param>
    /// <param name="graph">null for the paper's.</param>
    /// <param name="solver">null for the paper's.</param>
    /// <param name="report">Milliseconds of each stage; steps and residuals of each class. On CUDA this waits.</param>
    /// <param name="progress">Told the fraction that is done, 0 to 1, on the calling thread.</param>
    /// <param name="cancellationToken">Ends the call within about a tenth of a second.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Refine(
        RefineInputs inputs,
        SegmentOutputs outputs,
        PixelGraphParameters? graph,
        SolverParameters? solver,
        out SegmentReport report,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        // A shape that the library refuses needs no room in the report.
        long classes = inputs.Scores.Shape.Rank == 3 ? inputs.Scores.Shape[2] : Math.Max(0, inputs.Classes);
        SegmentReport? filled = null;
        Use(
            inputs,
            outputs,
            graph,
            solver,
            (nativeInputs, options, nativeOutputs) =>
                filled = SegmentReport.Fill(
                    (int)Math.Min(classes, Array.MaxLength),
                    hasPatch: false,
                    hasPixel: true,
                    native =>
                    {
                        lock (_calls)
                            new ProgressHook(progress, cancellationToken).Run(
                                _handle,
                                () => NativeMethods.Refine(_handle, nativeInputs, options, nativeOutputs, native)
                            );
                    }
                )
        );
        report = filled!;
    }

    /// <summary>
    /// The most bytes that refining with these arguments takes beside the caller's own memory. Reads shapes and
    /// options, no data.
    /// </summary>
    /// <param name="inputs">The image, and scores or labels.</param>
    /// <param name="outputs">What to write.</param>
    /// <param name="graph">null for the paper's.</param>
    /// <param name="solver">null for the paper's.</param>
    /// <exception cref="LpossException">The memory limit is too small; the message has both numbers.</exception>
    public long RefineMemory(
        RefineInputs inputs,
        SegmentOutputs outputs,
        PixelGraphParameters? graph = null,
        SolverParameters? solver = null
    )
    {
        long bytes = 0;
        Use(
            inputs,
            outputs,
            graph,
            solver,
            (nativeInputs, options, nativeOutputs) =>
            {
                long counted;
                lock (_calls)
                    NativeStatus.Check(
                        NativeMethods.RefineMemory(_handle, nativeInputs, options, nativeOutputs, &counted)
                    );
                bytes = counted;
            }
        );
        return bytes;
    }

    /// <summary>Pins everything and hands it over as the library takes it.</summary>
    private static void Use(
        RefineInputs inputs,
        SegmentOutputs outputs,
        PixelGraphParameters? graph,
        SolverParameters? solver,
        UseRefineArguments use
    )
    {
        var options = NativeParameters.From(graph ?? new PixelGraphParameters(), solver ?? new SolverParameters());
        fixed (
            byte* image = inputs.Image,
                outputLabels = outputs.Labels
        )
        fixed (ushort* inputLabels = inputs.Labels)
        fixed (
            float* inputScores = inputs.Scores,
                confidence = outputs.Confidence,
                outputScores = outputs.Scores
        )
        {
            NativeRefineInputs nativeInputs;
            NativeMethods.RefineInputsInit(&nativeInputs);
            nativeInputs.Classes = inputs.Classes;
            nativeInputs.Ignore = inputs.Ignore;
            nativeInputs.Image = inputs.Image.At(image);
            nativeInputs.Scores = inputs.Scores.At(inputScores);
            nativeInputs.Labels = inputs.Labels.At(inputLabels);

            NativeSegmentOutputs nativeOutputs;
            NativeMethods.SegmentOutputsInit(&nativeOutputs);
            nativeOutputs.Labels = outputs.Labels.At(outputLabels);
            nativeOutputs.Confidence = outputs.Confidence.At(confidence);
            nativeOutputs.Scores = outputs.Scores.At(outputScores);
            use(&nativeInputs, &options, &nativeOutputs);
        }
    }
}
