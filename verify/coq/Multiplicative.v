(** * Multiplicative networks are splines

    The network of constructs/multiplicative.py: layer 1 has the ReLU powers max(M x_i - k, 0)^q and max(k - M x_i,
    0)^q, layer 2 one product of 2m of them for every box whose weight is not 0, and one readout follows. For all q,
    M, m, shapes and coefficients it is exactly the spline, everywhere (arXiv 2602.06374 for the class of networks). *)

From Coq Require Import Reals QArith Qreals ZArith List Bool Lia Lra.
From Approxcert Require Import Sums Network LocalUnits BSplines Tuples BoxWeights.
Import ListNotations.
Local Open Scope R_scope.

(** ** Definitions *)

(** The tensor product spline with the mesh 1/M whose coefficient [c k] is that of the B-spline that begins at the knots
    (first + k_i) / M. *)
Definition spline (q M : nat) (first : Z) (shape : list nat) (c : list nat -> R) (x : list R) : R :=
  sum_over (grid shape) (fun k => c k *
    prod (length shape) (fun i => bspline q (INR M * coord i x - IZR first - INR (nth i k 0%nat)))).

(** A neuron of layer 1: its axis, whether it is the upper end of intervals, and its knot. *)
Notation side := (nat * bool * nat)%type.
Definition side_eqb (s t : side) : bool :=
  Nat.eqb (fst (fst s)) (fst (fst t)) && Bool.eqb (snd (fst s)) (snd (fst t)) && Nat.eqb (snd s) (snd t).

(** The factors of a box in [m] coordinates. *)
Definition factors (m : nat) (box : list interval) : list side :=
  flat_map (fun i => [(i, false, fst (side_of i box)); (i, true, snd (side_of i box))]) (seq 0 m).

(** All sides there can be, in the order of the network, and those that are factors of some box. *)
Definition all_sides (q : nat) (shape : list nat) : list side :=
  flat_map (fun i => flat_map (fun upper => map (fun k => (i, upper, k)) (seq 0 (nth i shape 0%nat + (q + 1))))
    [false; true]) (seq 0 (length shape)).
Definition sides (q : nat) (shape : list nat) (bs : list (list interval)) : list side :=
  filter (fun s => existsb (fun box => existsb (side_eqb s) (factors (length shape) box)) bs) (all_sides q shape).

(** The place of a side in a list. *)
Fixpoint place (s : side) (l : list side) : nat :=
  match l with [] => 0%nat | t :: l' => if side_eqb s t then 0%nat else S (place s l') end.

(** The activation max(t,0)^q, by the name it has in the Python code. *)
Definition power (q : nat) : activation := match q with 1%nat => Relu | _ => ReluPower q end.

(** max(M x_i - k, 0)^q for a lower end, max(k - M x_i, 0)^q for an upper one, the knot [k] counted from 0. *)
Definition side_neuron (q M : nat) (first : Z) (s : side) : neuron Q :=
  let sign := (if snd (fst s) then -1 else 1)%Z in
  Act (power q) (Affine [(fst (fst s), inject_Z (sign * Z.of_nat M))] (inject_Z (- sign * (first + Z.of_nat (snd s))))).

Definition box_neuron (m : nat) (ss : list side) (box : list interval) : neuron Q :=
  Product (map (fun s => place s ss) (factors m box)).

Definition nonzero_terms (ts : list (nat * Q)) : list (nat * Q) := filter (fun t => negb (Qeq_bool (snd t) 0)) ts.

(** The network of the spline with the rational coefficients [c]. *)
Definition multiplicative (q M : nat) (first : Z) (shape : list nat) (c : list nat -> Q) : network Q :=
  let bs := kept q shape c in
  let ss := sides q shape bs in
  Network (length shape)
    [map (side_neuron q M first) ss; map (box_neuron (length shape) ss) bs]
    [Readout 0 2 (Affine (nonzero_terms (row 0 (length bs) (fun j => weight q shape c (nth j bs [])))) 0%Q)].

(** What constructs/multiplicative.py builds for the hats at 0 and 1, of the values 0 and 1: build([0, 1], 1, 1). *)
Example two_hats : multiplicative 1 1 (-1) [2]%nat (fun k => match k with [1]%nat => 1%Q | _ => 0%Q end) =
  Network 1
    [[Act Relu (Affine [(0%nat, 1%Q)] 0%Q); Act Relu (Affine [(0%nat, 1%Q)] (-1)%Q);
      Act Relu (Affine [(0%nat, (-1)%Q)] 1%Q); Act Relu (Affine [(0%nat, (-1)%Q)] 2%Q)];
     [Product [0; 2]; Product [0; 3]; Product [1; 3]]%nat]
    [Readout 0 2 (Affine [(0%nat, (-1)%Q); (1%nat, 1%Q); (2%nat, (-1)%Q)] 0%Q)].
Proof. reflexivity. Qed.

(** ** The neurons of layer 1 *)

Lemma side_eqb_spec : forall s t, side_eqb s t = true <-> s = t.
Proof.
  intros [[i u] k] [[j v] l]. unfold side_eqb; cbn [fst snd]. rewrite !andb_true_iff, !Nat.eqb_eq, Bool.eqb_true_iff.
  split; [intros [[-> ->] ->]; reflexivity|intros H; injection H; auto].
Qed.

Lemma place_spec : forall s l, In s l -> (place s l < length l)%nat /\ forall e, nth (place s l) l e = s.
Proof.
  induction l as [|t l IH]; intros H; [contradiction|]. cbn [place length]. destruct (side_eqb s t) eqn:E.
  - apply side_eqb_spec in E as ->. split; [lia|reflexivity].
  - destruct H as [->|H]; [assert (side_eqb s s = true) by (apply side_eqb_spec; reflexivity); congruence|].
    destruct (IH H). split; [lia|assumption].
Qed.

Lemma kept_boxes : forall q shape c box, In box (kept q shape c) -> In box (boxes q shape).
Proof.
  intros q shape c box. unfold kept. destruct (filter _ _) as [|b bs] eqn:E.
  - intros H. rewrite <- (firstn_skipn 1). apply in_or_app. left. assumption.
  - rewrite <- E. intros H. apply filter_In in H as [H _]. assumption.
Qed.

(** Every factor of a box that is kept has a neuron. *)
Lemma factor_in_sides : forall q shape bs box s, In box (boxes q shape) -> In box bs ->
  In s (factors (length shape) box) -> In s (sides q shape bs).
Proof.
  intros q shape bs box s Hb Hbs Hs. apply filter_In. split.
  - apply in_flat_map in Hs as [i [Hi Hs]]. apply in_seq in Hi. apply in_flat_map. exists i.
    split; [apply in_seq; lia|].
    apply (in_tuples _ (0, 0)%nat _ box i) in Hb; [|rewrite map_length; lia].
    rewrite (nth_indep _ [] (intervals q 0)), map_nth in Hb by (rewrite map_length; lia). fold (side_of i box) in Hb.
    apply filter_In in Hb as [Hb _]. destruct (side_of i box) as [a b]. apply in_prod_iff in Hb as [Ha Hb].
    cbn [fst snd] in Hs. apply in_flat_map.
    destruct Hs as [<-|[<-|[]]]; [exists false|exists true]; (split; [simpl; auto|]); apply in_map; assumption.
  - apply existsb_exists. exists box. split; [assumption|]. apply existsb_exists. exists s.
    split; [assumption|apply side_eqb_spec; reflexivity].
Qed.

Lemma side_axis : forall q shape bs s, In s (sides q shape bs) -> (fst (fst s) < length shape)%nat.
Proof.
  intros q shape bs s H. apply filter_In in H as [H _]. apply in_flat_map in H as [i [Hi H]]. apply in_seq in Hi.
  apply in_flat_map in H as [u [_ H]]. apply in_map_iff in H as [k [<- _]]. simpl. lia.
Qed.

(** What the neuron of a side computes. *)
Definition side_value (q M : nat) (first : Z) (x : list R) (s : side) : R :=
  let t := INR M * coord (fst (fst s)) x - IZR first in
  if snd (fst s) then sigma q (INR (snd s) - t) else sigma q (t - INR (snd s)).

Lemma power_sigma : forall q t, activate (power q) t = sigma q t.
Proof. intros [|[|q]] t; unfold sigma; simpl; ring. Qed.

Lemma side_neuron_eval : forall q M first x s,
  neuron_eval x (map_neuron Q2R (side_neuron q M first s)) = side_value q M first x s.
Proof.
  intros q M first x [[i u] k]. unfold side_neuron, side_value, map_neuron, map_affine, neuron_eval, affine_eval.
  cbn [fst snd terms bias map terms_eval]. rewrite power_sigma, !Q2R_inject, !mult_IZR, !opp_IZR, plus_IZR.
  rewrite <- !INR_IZR_INZ.
  destruct u; apply (f_equal (sigma q)); ring.
Qed.

(** ** The product neurons *)

Lemma product_of_pairs : forall A (v : A -> R) (a b : nat -> A) m,
  fold_right (fun s acc => v s * acc) 1 (flat_map (fun i => [a i; b i]) (seq 0 m))
  = prod m (fun i => v (a i) * v (b i)).
Proof.
  intros A v a b m.
  assert (E : forall l l', fold_right (fun s acc => v s * acc) 1 (l ++ l')
    = fold_right (fun s acc => v s * acc) 1 l * fold_right (fun s acc => v s * acc) 1 l').
  { induction l; intros; simpl; [ring|]. rewrite IHl; ring. }
  induction m; [reflexivity|]. rewrite seq_S, flat_map_app, E, IHm. simpl. ring.
Qed.

Lemma fold_map_ext : forall A (v : A -> R) (g : A -> nat) (s : list R) l, (forall a, In a l -> coord (g a) s = v a) ->
  fold_right (fun i acc => coord i s * acc) 1 (map g l) = fold_right (fun a acc => v a * acc) 1 l.
Proof. induction l; intros H; simpl; [reflexivity|]. rewrite IHl, H by auto using in_eq, in_cons. reflexivity. Qed.

Lemma box_neuron_eval : forall q M first shape bs box x, In box (boxes q shape) -> In box bs ->
  neuron_eval (map (side_value q M first x) (sides q shape bs))
    (map_neuron Q2R (box_neuron (length shape) (sides q shape bs) box))
  = box_unit q (length shape) (fun i => INR M * coord i x - IZR first) box.
Proof.
  intros q M first shape bs box x Hb Hbs. cbn [box_neuron map_neuron neuron_eval].
  rewrite (fold_map_ext _ (side_value q M first x)).
  - unfold factors. rewrite product_of_pairs. apply prod_ext. intros i _. reflexivity.
  - intros s Hs. pose proof (factor_in_sides q shape bs box s Hb Hbs Hs) as H. apply place_spec in H as [H1 H2].
    unfold coord. rewrite (nth_indep _ 0 (side_value q M first x s)) by (rewrite map_length; assumption).
    rewrite map_nth, H2. reflexivity.
Qed.

(** ** The readout *)

Lemma nonzero_terms_eval : forall ts s,
  terms_eval (map (fun t => (fst t, Q2R (snd t))) (nonzero_terms ts)) s
  = terms_eval (map (fun t => (fst t, Q2R (snd t))) ts) s.
Proof.
  induction ts as [|[i w] ts IH]; intros s; [reflexivity|]. cbn [nonzero_terms filter snd map fst terms_eval].
  fold (nonzero_terms ts). destruct (Qeq_bool w 0) eqn:E; cbn [negb map terms_eval fst snd]; rewrite IH; [|reflexivity].
  rewrite (Q2R_nonzero w E). ring.
Qed.

Lemma multiplicative_output : forall q M first shape c r x, (1 <= q)%nat ->
  In r (readouts (real (multiplicative q M first shape c))) ->
  output (real (multiplicative q M first shape c)) r x = spline q M first shape (fun k => Q2R (c k)) x.
Proof.
  intros q M first shape c r x Hq. unfold real, multiplicative, map_network, output; cbn [readouts layers map In].
  intros [<-|[]]. cbn [map_readout after head firstn map_affine terms bias].
  unfold affine_eval, map_affine; cbn [terms bias].
  rewrite nonzero_terms_eval, RMicromega.Q2R_0, Rplus_0_r. unfold state; cbn [fold_left].
  set (bs := kept q shape c). set (t := fun i => INR M * coord i x - IZR first).
  replace (layer_eval x _) with (map (side_value q M first x) (sides q shape bs)).
  2:{ unfold layer_eval. rewrite !map_map. apply map_ext. intros s. symmetry. apply side_neuron_eval. }
  unfold row, vec. rewrite map_map. cbn [fst snd].
  change (map _ (seq 0 (length bs))) with (row 0 (length bs) (fun j => Q2R (weight q shape c (nth j bs [])))).
  rewrite terms_eval_row.
  rewrite (sum_ext _ _ (fun j => (fun box => Q2R (weight q shape c box) * box_unit q (length shape) t box)
    (nth j bs []))).
  - rewrite (sum_over_nth bs [] (fun box => Q2R (weight q shape c box) * box_unit q (length shape) t box)).
    unfold bs. rewrite kept_suffice. apply boxes_make_spline. assumption.
  - intros j Hj. cbv beta. f_equal. unfold layer_eval. rewrite !map_map. cbn [Nat.add]. unfold coord.
    set (F := fun box => neuron_eval (map (side_value q M first x) (sides q shape bs))
      (map_neuron Q2R (box_neuron (length shape) (sides q shape bs) box))).
    rewrite (nth_indep _ 0 (F [])) by (rewrite map_length; assumption). rewrite map_nth. unfold F, t.
    assert (Hin : In (nth j bs []) bs) by (apply nth_In; assumption).
    apply box_neuron_eval; [|assumption]. apply (kept_boxes q shape c). assumption.
Qed.

Lemma multiplicative_well_formed : forall q M first shape c, well_formed (multiplicative q M first shape c).
Proof.
  intros q M first shape c. unfold well_formed, multiplicative; cbn [inputs layers readouts].
  set (bs := kept q shape c). split.
  - cbn [layers_wf]. rewrite !Forall_forall. split; [|split; [|exact I]].
    + intros n Hn. apply in_map_iff in Hn as [s [<- Hs]].
      unfold side_neuron, neuron_reads_below, reads_below; cbn [terms].
      constructor; [|constructor]. cbn [fst]. apply side_axis with (1 := Hs).
    + intros n Hn. apply in_map_iff in Hn as [box [<- Hb]]. cbn [box_neuron neuron_reads_below].
      rewrite Forall_forall. intros p Hp. apply in_map_iff in Hp as [s [<- Hs]]. rewrite map_length. apply place_spec.
      apply factor_in_sides with (box := box); try assumption. apply (kept_boxes q shape c). assumption.
  - constructor; [|constructor]. cbn [after head]. split; [reflexivity|]. unfold reads_below, width_after; cbn [terms].
    rewrite Forall_forall. intros p Hp. apply filter_In in Hp as [Hp _]. apply in_map_iff in Hp as [j [<- Hj]].
    apply in_seq in Hj. simpl. rewrite map_length. lia.
Qed.

(** For every degree q >= 1, mesh, first knot, shape (the number of coefficients on every axis, for any number m of
    axes) and rational coefficients: the network is well formed, has m inputs, two hidden layers and one readout, and
    its output is the sum of c_k B_q(M x_1 - first - k_1) ... B_q(M x_m - first - k_m) at every point of R^m. *)
Theorem multiplicative_computes : forall q M first shape c, (1 <= q)%nat ->
  let N := multiplicative q M first shape c in
  well_formed N /\ inputs N = length shape /\ depth N = 2%nat /\ length (readouts N) = 1%nat /\
  forall r x, In r (readouts (real N)) -> output (real N) r x = spline q M first shape (fun k => Q2R (c k)) x.
Proof.
  intros q M first shape c Hq N. repeat split; [apply multiplicative_well_formed..|].
  intros. apply multiplicative_output; assumption.
Qed.

(** Locality, for every degree q >= 1: if the outputs of the networks of two coefficient tables differ at x, then the
    tables differ at some k for which x is strictly inside the box of the B-spline:
    first + k_i < M x_i < first + k_i + q + 1 for all i. *)
Theorem multiplicative_local : forall q M first shape c c' r r' x, (1 <= q)%nat ->
  let N := real (multiplicative q M first shape c) in
  let N' := real (multiplicative q M first shape c') in
  In r (readouts N) -> In r' (readouts N') -> output N r x <> output N' r' x ->
  exists k, In k (grid shape) /\ ~ (c k == c' k)%Q /\
    forall i, (i < length shape)%nat ->
      IZR first + INR (nth i k 0%nat) < INR M * coord i x < IZR first + INR (nth i k 0%nat) + INR q + 1.
Proof.
  intros q M first shape c c' r r' x Hq N N' Hr Hr'. unfold N, N'. rewrite !multiplicative_output by assumption.
  unfold spline. generalize (grid shape) as l. intros l. induction l as [|k l IH]; intros H; [contradiction|].
  cbn [sum_over] in H. set (B := prod (length shape) _) in H.
  destruct (Req_dec (Q2R (c k) * B) (Q2R (c' k) * B)) as [E|E].
  - destruct IH as [k' [H1 H2]]; [intros E'; apply H; rewrite E, E'; reflexivity|]. exists k'.
    split; [right; assumption|assumption].
  - exists k. split; [left; reflexivity|]. split; [intros E'; apply E; rewrite (Qeq_eqR _ _ E'); reflexivity|].
    intros i Hi. destruct (Rlt_dec 0 (INR M * coord i x - IZR first - INR (nth i k 0%nat)));
      [destruct (Rlt_dec (INR M * coord i x - IZR first - INR (nth i k 0%nat)) (INR q + 1)); [lra|]|];
      exfalso; apply E; unfold B; rewrite (prod_zero _ _ i Hi) by (apply bspline_support; [assumption|lra]); ring.
Qed.
