using Lposs.Interop;

namespace Lposs;

/// <content>Propagation over any graph.</content>
public sealed unsafe partial class LpossContext
{
    /// <summary>
    /// Label propagation (paper, section 3.1): X = (I - alpha S)^-1 Y by conjugate gradients from zero, each column
    /// with its own scalars.
    /// </summary>
    /// <param name="graph">S, of this context's device.</param>
    /// <param name="y">[N, C].</param>
    /// <param name="x">[N, C], written; may be <paramref name="y"/>.</param>
    /// <param name="parameters">null for the paper's.</param>
    public void Propagate(
        LpossGraph graph,
        ReadOnlyTensorView<float> y,
        TensorView<float> x,
        SolverParameters? parameters = null
    ) => Propagate(graph, y, x, parameters, null);

    /// <summary>The same, with a report; on CUDA this waits for the result.</summary>
    /// <param name="graph">S, of this context's device.</param>
    /// <param name="y">[N, C].</param>
    /// <param name="x">[N, C], written; may be <paramref name="y"/>.</param>
    /// <param name="parameters">null for the paper's.</param>
    /// <param name="report">Steps and residuals of each column.</param>
    public void Propagate(
        LpossGraph graph,
        ReadOnlyTensorView<float> y,
        TensorView<float> x,
        SolverParameters? parameters,
        out SolveReport report
    )
    {
        // A shape that the library refuses needs no room in the report.
        int columns = y.Shape.Rank == 2 ? (int)Math.Min(y.Shape[1], Array.MaxLength) : 0;
        int[] steps = new int[columns];
        float[] residuals = new float[columns];
        fixed (int* stepData = steps)
        fixed (float* residualData = residuals)
        {
            NativeSolveReport native;
            NativeMethods.SolveReportInit(&native);
            native.ColumnCapacity = columns;
            native.Steps = stepData;
            native.Residuals = residualData;
            Propagate(graph, y, x, parameters, &native);
            report = SolveReport.From(native, steps, residuals);
        }
    }

    private void Propagate(
        LpossGraph graph,
        ReadOnlyTensorView<float> y,
        TensorView<float> x,
        SolverParameters? parameters,
        NativeSolveReport* report
    )
    {
        ArgumentNullException.ThrowIfNull(graph);
        var options = NativeParameters.From(parameters ?? new SolverParameters());
        fixed (
            float* yData = y,
                xData = x
        )
        {
            NativeTensor nativeY = y.At(yData),
                nativeX = x.At(xData);
            lock (_calls)
                NativeStatus.Check(
                    NativeMethods.Propagate(_handle, graph.Handle, &nativeY, &options, &nativeX, report)
                );
        }
    }
}
