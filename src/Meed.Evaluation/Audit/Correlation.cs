namespace Meed.Evaluation.Audit;

/// <summary>Pearson correlation in one pass (Welford's updates), over all rows or from values already centred on their group.</summary>
internal sealed class Correlation
{
    private double _n, _meanX, _meanY, _xx, _yy, _xy;

    /// <summary>The coefficient, −1 to 1; NaN when one of the two never varies.</summary>
    public double Value => _xx > 0 && _yy > 0 ? _xy / Math.Sqrt(_xx * _yy) : double.NaN;

    public void Add(double x, double y)
    {
        _n++;
        double dx = x - _meanX, dy = y - _meanY;
        _meanX += dx / _n;
        _meanY += dy / _n;
        _xx += dx * (x - _meanX);
        _yy += dy * (y - _meanY);
        _xy += dx * (y - _meanY);
    }

    /// <summary>Adds values whose mean over their group is zero.</summary>
    public void AddCentred(double x, double y)
    {
        _xx += x * x;
        _yy += y * y;
        _xy += x * y;
    }
}
