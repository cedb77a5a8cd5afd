Console.WriteLine("meed 0.1.0");
return 0;
