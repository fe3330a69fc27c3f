(** * In three dimensions the rate of multigrade networks fails

    The function f that is 1 at (1,0,0) and (1,1,1), 0 at the other vertices of the cube, and linear on its Kuhn
    simplices has differences of at most 1 between neighbouring vertices. Whatever safe steps are taken in sweeps at
    the meshes 1 and 1/2, at the point (1, 1/2, 1/2) they change nothing: the residual there stays 1, twice the
    bound 1 * 1/2 that holds in one and two dimensions.
    Source: docs/multigrade.md, "The rate"; tests/test_claims_multigrade.py. *)

From Coq Require Import Reals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork.
From Approxcert Require Import Erosion ErosionRate ErosionSteps HatRefinement ErosionSlopes MultigradeRate.
Import ListNotations.
Local Open Scope R_scope.

(** 1 at (1,0,0) and at (1,1,1), 0 at the other vertices, linear on the Kuhn simplices. *)
Definition twisted (x : list R) : R := hat 3 1 [1; 0; 0]%Z x + hat 3 1 [1; 1; 1]%Z x.

Lemma vertices : forall k, In k (nodes 3 1) <-> In k
  [[0;0;0]; [0;0;1]; [0;1;0]; [0;1;1]; [1;0;0]; [1;0;1]; [1;1;0]; [1;1;1]]%Z.
Proof. intros; reflexivity. Qed.

Lemma twisted_linear : linear 3 1 twisted.
Proof.
  intros x Hx. unfold twisted at 1.
  rewrite (hat_linear 3 1 [1; 0; 0]%Z (le_n 1) ltac:(apply vertices; simpl; tauto) x Hx).
  rewrite (hat_linear 3 1 [1; 1; 1]%Z (le_n 1) ltac:(apply vertices; simpl; tauto) x Hx).
  rewrite <- total_plus. apply total_ext. intros k _. unfold twisted. ring.
Qed.

Lemma twisted_range : forall x, cube 3 x -> 0 <= twisted x <= 1.
Proof.
  intros x Hx. pose proof (hat_range 3 1 [1; 0; 0]%Z x). pose proof (hat_range 3 1 [1; 1; 1]%Z x).
  pose proof (partition_of_unity 3 1 x (le_n 1) Hx) as P.
  assert (H1 : total [[1; 0; 0]; [1; 1; 1]]%Z (fun k => hat 3 1 k x) <= 1).
  { rewrite <- P. apply total_part; [| |intros; apply hat_range].
    - repeat constructor; simpl; intuition discriminate.
    - intros k [<-|[<-|[]]]; apply vertices; simpl; tauto. }
  unfold total in H1; cbn [fold_right] in H1. unfold twisted. lra.
Qed.

(* the innermost maxima first: they are maxima of numbers *)
Ltac value := unfold twisted, hat, gauge, scaled, point, coord; cbn [top nth map]; simpl INR;
  repeat match goal with |- context [Rmax ?a ?b] =>
    lazymatch a with context [Rmax _ _] => fail | _ => idtac end;
    lazymatch b with context [Rmax _ _] => fail | _ => idtac end;
    first [rewrite (Rmax_left a b) by lra | rewrite (Rmax_right a b) by lra]
  end; lra.

Lemma twisted_edges : edge_slope 3 1 1 twisted.
Proof.
  intros k l Hk Hl _. pose proof (twisted_range _ (node_in_cube 3 1 k (le_n 1) Hk)).
  pose proof (twisted_range _ (node_in_cube 3 1 l (le_n 1) Hl)). simpl INR. apply Rabs_le. lra.
Qed.

(** A safe step is 0 at a node that has a neighbour at which the residual is 0. *)
Lemma no_step : forall m r k l c, (1 <= m)%nat -> linear 3 m r -> In k (nodes 3 m) -> In l (nodes 3 m) -> above l k ->
  r (point m l) = 0 -> safe 3 m r k c -> c = 0.
Proof.
  intros m r k l c Hm Hr Hk Hl Ha H0 Hs.
  destruct (at_support 3 m r k l c Hm Hr Hk Hl (neighbours_sym _ _ _ (above_neighbours 3 l k Ha)) Hs) as [_ H].
  rewrite H0, Rabs_R0 in H. pose proof (Rabs_pos c). destruct (Req_dec c 0) as [|Hn]; [assumption|].
  apply Rabs_pos_lt in Hn. lra.
Qed.

(** In three dimensions there is a function f that is linear on the Kuhn simplices of the cube, with differences of
    at most 1 between neighbouring vertices, of which no sweeps of safe steps at the meshes 1 and 1/2 take away
    anything at the point (1, 1/2, 1/2): the residual there stays 1, more than K h = 1/2. *)
Theorem rate_fails_in_three_dimensions : exists f,
  linear 3 1 f /\ edge_slope 3 1 1 f /\
  forall first second, erosion 3 f [(1%nat, first); (2%nat, second)] ->
  left_over 3 f (first ++ second) [1; 1 / 2; 1 / 2] = 1.
Proof.
  exists twisted. split; [apply twisted_linear|]. split; [apply twisted_edges|].
  intros gs hs ((_ & _ & Hg) & Hh & _).
  assert (L2 : linear 3 2 twisted) by (apply (linear_on_finer 3 1 2); [lia|lia|apply twisted_linear]).
  (* every vertex has the neighbour (0,0,0), at which f is 0 *)
  assert (E : forall x, left_over 3 twisted gs x = twisted x).
  { intros x. unfold left_over, grade_sum. rewrite total_zero; [ring|]. intros g Hin.
    destruct (Hg g Hin) as (_ & Hk & Hs).
    rewrite (no_step 1 twisted (node g) [0; 0; 0]%Z (step g));
      [ring|lia|apply twisted_linear|assumption| | | |assumption].
    - apply vertices; simpl; tauto.
    - clear Hs. apply vertices in Hk. simpl in Hk.
      repeat (destruct Hk as [<-|Hk]; [repeat constructor; lia|]). destruct Hk.
    - value. }
  destruct Hh as (_ & _ & Hh). rewrite left_over_app. unfold left_over at 1. rewrite E.
  replace (twisted [1; 1 / 2; 1 / 2]) with 1 by value.
  unfold grade_sum. rewrite total_zero; [ring|]. intros g Hin. destruct (Hh g Hin) as (Ec & Hk & Hs). rewrite Ec.
  assert (L : length (node g) = 3%nat) by (apply (nodes_spec 3 2); assumption).
  replace [1; 1 / 2; 1 / 2] with (point 2 [2; 1; 1]%Z)
    by (unfold point; cbn [map]; simpl INR; apply f_equal2; [lra|apply f_equal2; [lra|apply f_equal2;
      [lra|reflexivity]]]).
  destruct (list_eq_dec Z.eq_dec (node g) [2; 1; 1]%Z) as [En|En].
  - (* f is 0 at the neighbour (1/2, 0, 1/2) *)
    rewrite (no_step 2 twisted (node g) [1; 0; 1]%Z (step g)); [ring|lia|exact L2|assumption| | | |].
    + apply nodes_spec. split; [reflexivity|]. intros [|[|[|i]]] Hi; simpl; lia.
    + rewrite En. repeat constructor; lia.
    + value.
    + intros x Hx Hp. destruct (Hs x Hx Hp) as [S1 S2]. rewrite E in S1, S2. split; assumption.
  - destruct (hat_values 3 2 (node g) ltac:(lia) L) as (_ & _ & H & _). rewrite H; [ring|reflexivity|congruence].
Qed.
